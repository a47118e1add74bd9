// @ts-check
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { REGISTRY, startEngine } from '../engine/engine.js';
import { IMAGE } from '../engine/image.js';
import { foreignImage } from '../engine/foreign-image.js';
import { startRegistry } from '../engine/registry.js';
import { errorsOf, sweep } from '../context.js';

/** @typedef {import('../context.js').Context} Context @typedef {import('../run.js').Scenario} Scenario */

/** @param {string} title @param {(context: Context) => Promise<import('../context.js').Point>} point @param {{ words: RegExp, again: boolean }} expected @returns {Scenario} */
const noImage = (title, point, { words, again }) => ({
  title,
  async run(context) {
    const { code, results } = await sweep(context, await point(context));
    const [error] = errorsOf(results);
    return {
      said: error,
      isRight:
        code === 1 &&
        error?.code === 'IMAGE_UNAVAILABLE' &&
        words.test(error.message) &&
        error.again === again,
    };
  },
});

/** @param {Context} context @param {readonly string[]} args */
const engine = ({ engine: { program, env } }, ...args) => execFileSync(program, args, { env, stdio: 'pipe' });

/** @type {readonly Scenario[]} */
export const IMAGES = [
  noImage(
    'a tag that never existed',
    async (context) => {
      const registry = await startRegistry(join(context.folder, 'registry'));
      context.ends.push(registry.stop);
      return { image: `${REGISTRY}/engine:none` };
    },
    { words: /its registry has no such image/, again: false },
  ),
  noImage('a registry that is down', async () => ({ image: '127.0.0.1:15999/engine:1' }), {
    words: /its registry is out of reach/,
    again: true,
  }),
  noImage(
    'an image of another architecture',
    async (context) => {
      const image = 'localhost/sweepline-arm:1';
      const archive = foreignImage(context.folder, image);
      engine(context, 'load', '--input', archive);
      return { image };
    },
    { words: /not made for this node's platform.*linux\/arm64/, again: false },
  ),
  noImage(
    'an image that must not be pulled',
    async () => ({ image: 'localhost/none:1', cluster: { pull: 'never' } }),
    {
      words: /pull: never/,
      again: false,
    },
  ),
  {
    title: 'a disk that the pull fills',
    async run(context) {
      if (context.engine.program !== 'docker')
        return { skipped: 'a second podman shares the first one’s locks' };
      const registry = await startRegistry(join(context.folder, 'registry2'));
      const small = join(context.folder, 'small');
      mkdirSync(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'none', small]);
      engine(context, 'tag', IMAGE, `${REGISTRY}/engine:1`);
      engine(context, 'push', `${REGISTRY}/engine:1`);
      const second = await startEngine('docker', join(context.folder, 'second'), { data: small });
      try {
        const { results } = await sweep({ ...context, engine: second }, { image: `${REGISTRY}/engine:1` });
        const [error] = errorsOf(results);
        return {
          said: error,
          isRight: error?.code === 'IMAGE_UNAVAILABLE' && /disk .* is full/.test(error.message),
        };
      } finally {
        await second.stop();
        await registry.stop();
        execFileSync('umount', ['--recursive', small]);
      }
    },
  },
];
