// @ts-check
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ANSWER_IN_LETTERS, findLlamaServer, servedByLlamaServer } from '../../llama-server.js';
import { makeWorkspace, startSweep } from '../context.js';
import { copyProgram, importImage } from '../engine/image.js';

/** @typedef {import('../run.js').Scenario} Scenario */

const IMAGE = 'localhost/sweepline-check-llama-server:1';

/** @type {Scenario} */
export const LLAMA_SERVER = {
  title: 'a sweep of the real llama-server, whose records are what it counted',
  async run(context) {
    const found = findLlamaServer();
    if (found === undefined) return { skipped: 'it could not be installed before' };
    const { program, model } = found;
    makeImage(context, program);
    const mounts = { [dirname(model)]: `${dirname(model)}:ro` };
    const options = { server: program, model, 'extra-args': ANSWER_IN_LETTERS };
    const point = { image: IMAGE, model: 'smollm2', options, cluster: { mounts }, conc: [1, 4] };
    const workspace = await makeWorkspace(context, point);
    try {
      const { code, said } = await startSweep(context, workspace).ended;
      const results = await workspace.results();
      const differences = [];
      let requests = 0;
      for (const { name } of results) {
        const record = await workspace.records(name);
        const served = servedByLlamaServer(await workspace.readRunFile(`server_logs_${name}/server.log`));
        const recorded = record.requests.map((one) => `${one.promptTokens}/${one.outputTokens}`);
        requests += recorded.length;
        // Warm-ups come first.
        const counted = served.slice(-recorded.length);
        if (recorded.sort().join() !== [...counted].sort().join())
          differences.push(`${name}: ${recorded} | ${counted}`);
      }
      const isRight = code === 0 && results.length === 2 && differences.length === 0;
      const message = `${results.length} points, ${requests} requests, ${differences.length} differences`;
      return { said: { message: isRight ? message : [message, ...differences, said].join('\n') }, isRight };
    } finally {
      await workspace[Symbol.asyncDispose]();
    }
  },
};

/** The check's image, with the server and its libraries at their paths here. @param {import('../context.js').Context} context @param {string} program */
function makeImage({ rootfs, folder, engine }, program) {
  const root = join(folder, 'llama-server');
  execFileSync('cp', ['--archive', '--link', rootfs, root]);
  copyProgram(program, program, root);
  importImage(root, engine, IMAGE);
  for (const made of [root, `${root}.tar`]) rmSync(made, { recursive: true });
}
