// @ts-check
/**
 * Runs the same loads with Sweepline, InferenceX's client, `vllm bench serve`, AIPerf and guidellm on the same server, in turn, and
 * compares each one's figures with the server's log.
 *
 * node checks/peers/run.js [--harness FOLDER] [--original FOLDER] [--only CLIENT]... [--cell CELL]... [--runs N] [--json FILE]
 *
 * It runs the code in dist, so build first. Without the harness, or without any client, it says so and exits with 0.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Harness, Unavailable } from '../../bench/loadgen/harness.js';
import { CELLS } from './cells.js';
import { preparePeer, VERSIONS } from './environment.js';
import { PEERS } from './peers.js';
import { report } from './report.js';
import { watchTree } from './tree-cpu.js';
import { writeWorkload } from './workload.js';

/**
 * @typedef {import('./cells.js').PeerCell} PeerCell
 * @typedef {import('../../bench/loadgen/rows.js').Run} Run
 * @typedef {{ name: string, run: (cell: PeerCell) => Promise<Run> }} Client
 */

const BESIDE = resolve(import.meta.dirname, '../../../shared/loadbench');
const CLIENTS = ['sweepline', 'inferencex', 'vllm', 'aiperf', 'guidellm'];

const { values } = parseArgs({
  options: {
    harness: { type: 'string', default: process.env['SWEEPLINE_LOADBENCH'] ?? BESIDE },
    original: { type: 'string', default: process.env['SWEEPLINE_INFERENCEX'] },
    only: { type: 'string', multiple: true, default: CLIENTS },
    cell: { type: 'string', multiple: true, default: Object.keys(CELLS) },
    runs: { type: 'string', default: '3' },
    'quiet-wait': { type: 'string', default: '60' },
    retries: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
process.once('SIGTERM', () => process.exit(143));
process.once('SIGINT', () => process.exit(130));

try {
  await main();
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
}

async function main() {
  const original = values.original === undefined ? undefined : resolve(values.original);
  const quiet = { waitS: Number(values['quiet-wait']), retries: Number(values.retries) };
  const harness = Harness.prepare(
    existsSync(values.harness) ? resolve(values.harness) : undefined,
    original,
    quiet,
  );
  process.once('exit', () => harness.close());
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-peers-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const clients = values.only
    .map((name) => clientOf(name, harness, folder))
    .filter((one) => one !== undefined);
  if (clients.length === 0) throw new Unavailable('there is no client to run');
  console.log(
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Linux ${release()}; medians of ${values.runs} runs\n`,
  );
  /** @type {Record<string, unknown>} */
  const measured = {};
  for (const name of values.cell) {
    const cell = CELLS[name];
    if (cell === undefined)
      throw new Error(`there is no cell ${name}; cells: ${Object.keys(CELLS).join(', ')}`);
    const of = await measure(cell, clients);
    measured[name] = of;
    console.log(report(cell, of));
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, undefined, 2)}\n`);
}

/** @param {PeerCell} cell @param {readonly Client[]} clients */
async function measure(cell, clients) {
  const measured = clients.map(({ name }) => ({ name, runs: /** @type {Run[]} */ ([]), failed: 0 }));
  for (let round = 0; round < Number(values.runs); round += 1) {
    for (const [i, client] of clients.entries()) {
      const run = await client.run(cell);
      const of = measured[i];
      if (of === undefined) continue;
      // Without a result there is nothing to compare.
      if (run['error'] === undefined) of.runs.push(run);
      else of.failed += 1;
    }
  }
  return measured;
}

/**
 * @param {string} name @param {Harness} harness @param {string} folder @returns {Client | undefined} Undefined, with the reason on stdout,
 * if it can't run.
 */
function clientOf(name, harness, folder) {
  if (name === 'inferencex') {
    if (harness.has(name))
      return { name, run: (cell) => harness.runClient(name, { ...cell, clients: [] }, watchTree) };
    console.log(`${name}: skipped, ${harness.peerMissing}`);
    return undefined;
  }
  if (name !== 'sweepline' && name !== 'vllm' && name !== 'aiperf' && name !== 'guidellm') {
    throw new Error(`there is no client ${name}; clients: ${CLIENTS.join(', ')}`);
  }
  try {
    return peerClient(name, preparePeer(name), harness, folder);
  } catch (thrown) {
    console.log(`${name}: skipped, ${thrown instanceof Error ? thrown.message : thrown}`);
    return undefined;
  }
}

/** @param {import('./environment.js').PeerName} name @param {ReturnType<typeof preparePeer>} peer @param {Harness} harness @param {string} folder @returns {Client} */
function peerClient(name, { command, env }, harness, folder) {
  const workload = writeWorkload(folder);
  const exports = Object.entries(env).map(([key, value]) => `export ${key}='${value}'\n`);
  return {
    name: name === 'sweepline' ? name : `${name} ${VERSIONS[name]}`,
    run(cell) {
      const own = mkdtempSync(join(folder, `${name}-`));
      const script = PEERS[name]({ command, workload, cell, folder: own });
      // AIPerf leaves folders in the place for temporary files.
      harness.addScript(name, `cd '${own}'\nexport TMPDIR='${own}'\n${exports.join('')}${script}`);
      return harness.run(name, cell, watchTree);
    },
  };
}
