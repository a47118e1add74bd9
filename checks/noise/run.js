// @ts-check
/**
 * Checks whether the client's marks match the errors of its numbers: loads on a golden server with neighbours, each judged by the server's
 * own log. `node checks/noise/run.js [--rounds 3] [--only NAME] [--out FILE]`; see README.md.
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLocalExecutor } from '@sweepline/core/launch';
import { runCell, truthOf } from '@sweepline/core/testing';
import { LOAD_NODE_ARGS } from '@sweepline/core/load';
import { marksOf } from '@sweepline/core/metrics';
import { LOADS, NEIGHBOURS } from './cells.js';
import { commandNextTo, nameOf, startNeighbour } from './neighbour.js';
import { describe, table } from './report.js';
import { bothSides, errors, figures } from './truth.js';

const BIN = join(import.meta.dirname, '../../packages/core/bin/sweepline.js');
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    out: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});

/** @type {import('./report.js').Outcome[]} */
const outcomes = [];
for (let round = 0; round < Number(values.rounds); round++) {
  for (const neighbour of NEIGHBOURS.filter((one) => nameOf(one).includes(values.only))) {
    for (const load of LOADS) {
      const outcome = await measure(load, neighbour);
      outcomes.push(outcome);
      console.log(describe(outcome));
      if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify(outcome)}\n`);
    }
  }
}
console.log(table(outcomes));

/** @param {(typeof LOADS)[number]} load @param {import('./neighbour.js').Neighbour} neighbour */
async function measure({ streams, ttftMs, itlMs, outputLen }, neighbour) {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-noise-'));
  const cell = {
    .../** @type {const} */ ({ kind: 'paced', api: 'completions', workers: 1, servers: 1 }),
    ...{ streams, outputLen, requests: 2 * streams, server: { ttftMs, itlMs } },
  };
  const context = {
    executor: createLocalExecutor(),
    loadCommand: commandNextTo([process.execPath, ...LOAD_NODE_ARGS, BIN, 'load'], neighbour),
    goldenServerCommand: [process.execPath, BIN, 'golden-server'],
    folder,
    signal: new AbortController().signal,
  };
  const stop = await startNeighbour(neighbour);
  try {
    const { run, log } = await runCell(cell, context);
    const { seen, sent } = bothSides(run, truthOf(cell, log).byIndex ?? []);
    const [ours, truth] = [figures(seen), figures(sent)];
    return {
      neighbour: nameOf(neighbour),
      streams,
      ours,
      truth,
      errors: errors(ours, truth),
      windowMs: run.window.endMs - run.window.startMs,
      client: run.client,
      marks: marksOf(run).map(({ code, severity }) => `${severity} ${code}`),
    };
  } finally {
    await stop();
    rmSync(folder, { recursive: true });
  }
}
