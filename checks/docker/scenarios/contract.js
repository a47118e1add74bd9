// @ts-check
import { testLauncher } from '@sweepline/core/testing';
import docker, { dockerOptions } from '@sweepline/launcher-docker';
import { IMAGE } from '../engine/image.js';
import { makeWorkspace, startSweep } from '../context.js';

/** @typedef {import('../run.js').Scenario} Scenario */

/** @param {import('../context.js').Engine['program']} program @param {Record<string, unknown>} [more] fields of the cluster @returns {readonly Scenario[]} */
export function contract(program, more = {}) {
  /** @type {Scenario[]} */
  const scenarios = [];
  const [launcher] = docker;
  if (launcher === undefined) throw new Error('the package has no launcher');
  const options = dockerOptions.parse({ program, ...more });
  testLauncher(launcher, {
    describe: (_title, suite) => suite(),
    it: (title, test) =>
      void scenarios.push({
        title: `contract: ${title}`,
        async run({ engine }) {
          Object.assign(process.env, engine.env);
          await test();
          return { isRight: true };
        },
      }),
    nodes: 1,
    image: IMAGE,
    sku: { name: 'cpu', vendor: 'none', device: 'cpu', devicesPerNode: 1, sources: [] },
    cluster: {
      name: 'box',
      sku: 'cpu',
      runners: [],
      launcher: 'docker',
      port: 'fixed',
      settings: {},
      options,
    },
  });
  return scenarios;
}

/** @type {Scenario} */
export const COUNTS = {
  title: 'a sweep whose records are what the server counted',
  async run(context) {
    const workspace = await makeWorkspace(context, { conc: [1, 4] });
    try {
      const { code } = await startSweep(context, workspace).ended;
      const results = await workspace.results();
      const differences = [];
      for (const { name, provenance } of results) {
        const { requests } = await workspace.records(name);
        const log = await workspace.readRunFile(`server_logs_${name}/server.log`);
        const recorded = requests.map((one) => `${one.promptTokens}/${one.outputTokens}`);
        // Warm-ups come first.
        const served = servedIn(log).slice(-requests.length);
        if (recorded.sort().join() !== served.sort().join()) differences.push(name);
        if (provenance.images?.[IMAGE]?.id === undefined) differences.push(`${name}: image`);
      }
      return {
        said: { message: `${results.length} points, ${differences.length} differences` },
        isRight: code === 0 && results.length === 2 && differences.length === 0,
      };
    } finally {
      await workspace[Symbol.asyncDispose]();
    }
  },
};

/** What the server wrote of each request: prompt and completion tokens. @param {string} log */
function servedIn(log) {
  const lines = log.matchAll(/^request id=\S+ state=completed prompt_tokens=(\d+) completion_tokens=(\d+)/gm);
  return [...lines].map(([, prompt, completion]) => `${prompt}/${completion}`);
}
