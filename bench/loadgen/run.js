// @ts-check
/**
 * Compares the load generator with InferenceX's client, in turn, on a server with an exact schedule that logs what it did. Neither the
 * server with its harness nor InferenceX is part of this project: their folders are arguments.
 *
 * node bench/loadgen/run.js [--harness FOLDER] [--original FOLDER] [--only ROW]... [--runs N] [--json FILE]
 *
 * It runs the code in dist, so build first. If something it needs is missing, it says so and exits with 0.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CELLS } from './cells.js';
import { Harness, Unavailable } from './harness.js';
import { lineOf, markdown } from './report.js';
import { ROWS } from './rows.js';

/** Default location of a harness checkout, next to this project's. */
const BESIDE = resolve(import.meta.dirname, '../../../shared/loadbench');

const { values } = parseArgs({
  options: {
    harness: { type: 'string', default: process.env['SWEEPLINE_LOADBENCH'] ?? existing(BESIDE) },
    original: { type: 'string', default: process.env['SWEEPLINE_INFERENCEX'] },
    only: { type: 'string', multiple: true, default: Object.keys(ROWS) },
    runs: { type: 'string', default: '5' },
    'quiet-wait': { type: 'string', default: '60' },
    retries: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});

const rows = values.only.map(rowOf);
process.once('SIGTERM', () => process.exit(143));
process.once('SIGINT', () => process.exit(130));

try {
  const quiet = { waitS: Number(values['quiet-wait']), retries: Number(values.retries) };
  const harness = Harness.prepare(absolute(values.harness), absolute(values.original), quiet);
  process.once('exit', () => harness.close());
  await report(harness, await measure(harness, cellsOf(), Number(values.runs)));
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
}

/** @param {string} name @returns {readonly [string, import('./rows.js').Row]} */
function rowOf(name) {
  const row = ROWS[name];
  if (row !== undefined) return [name, row];
  throw new Error(`there is no row ${name}; rows: ${Object.keys(ROWS).join(', ')}`);
}

/** Each cell once, after those that it is compared with. */
function cellsOf() {
  const cells = rows.flatMap(([, { base, cell }]) => (base === undefined ? [cell] : [base, cell]));
  return [...new Set(cells)];
}

/** @param {Harness} harness @param {readonly import('./cells.js').CellName[]} names @param {number} runs */
async function measure(harness, names, runs) {
  /** @type {Record<string, Partial<Record<import('./cells.js').Client, import('./rows.js').Run[]>>>} */
  const measured = {};
  for (const name of names) {
    const cell = CELLS[name];
    const clients = cell.clients.filter((client) => harness.has(client));
    const of = (measured[name] = Object.fromEntries(
      clients.map((client) => [client, /** @type {import('./rows.js').Run[]} */ ([])]),
    ));
    for (let run = 0; run < runs; run += 1) {
      // The order alternates, because the machine may change over time.
      for (const client of run % 2 === 0 ? clients : clients.toReversed()) {
        of[client]?.push(await harness.runClient(client, cell));
      }
    }
  }
  return measured;
}

/** @param {Harness} harness @param {import('./report.js').Measured} measured */
async function report(harness, measured) {
  const lines = rows.map(([name, row]) => lineOf(name, row, measured));
  console.log(`${machine()}; ${values.runs} runs per cell, clients in turn; median [least..most]\n`);
  if (harness.peerMissing !== undefined)
    console.log(`InferenceX's client: skipped, ${harness.peerMissing}\n`);
  console.log(markdown(lines));
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine: machine(), lines, measured }, undefined, 2)}\n`);
  }
}

function machine() {
  const python = execFileSync('/usr/bin/python3', ['--version'], { encoding: 'utf8' }).trim();
  return `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Linux ${release()}, Node ${process.version}, ${python}`;
}

/** @param {string} path @returns {string | undefined} */
function existing(path) {
  return existsSync(path) ? path : undefined;
}

/** @param {string | undefined} path */
function absolute(path) {
  return path === undefined ? undefined : resolve(path);
}
