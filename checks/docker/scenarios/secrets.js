// @ts-check
import { readFileSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { makeWorkspace, startSweep } from '../context.js';

/** @typedef {import('../run.js').Scenario} Scenario */

const SECRET = 'hf_check-of-containers-0123456789';

/** @type {readonly Scenario[]} */
export const SECRETS = [
  {
    title: 'a secret, which is on no command line and in no file of the run',
    async run(context) {
      const env = { ...context.engine.env, HF_TOKEN: SECRET };
      const workspace = await makeWorkspace(context, { options: { env: { API_KEY: `${SECRET}-too` } } });
      try {
        const { ended, child } = startSweep({ ...context, engine: { ...context.engine, env } }, workspace);
        const seen = new Set();
        let looks = 0;
        while (child.exitCode === null && child.signalCode === null) {
          for (const line of commandLines()) if (line.includes(SECRET)) seen.add(line);
          looks += 1;
          await new Promise((resolve) => setImmediate(resolve));
        }
        const { code } = await ended;
        const files = execFileSync('sh', ['-c', `grep -rlF ${SECRET} results || true`], {
          cwd: workspace.root,
          encoding: 'utf8',
        });
        return {
          said: { message: `${looks} looks at all command lines; ${[...seen, files].join(' ')}` },
          isRight: code === 0 && seen.size === 0 && files === '' && looks > 10,
        };
      } finally {
        await workspace[Symbol.asyncDispose]();
      }
    },
  },
];

/** Of all processes. */
function commandLines() {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [readFileSync(`/proc/${name}/cmdline`, 'latin1')];
    } catch {
      return [];
    }
  });
}
