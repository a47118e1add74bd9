// @ts-check
/**
 * Disturbs loads like servers, networks, machines and clients do, and reports whether the result is marked for it.
 *
 * node checks/faults/run.js [--only NAME]... [--fast] [--json FILE] [--document docs/reliability.md]
 *
 * It runs the code in dist, so build first. Exits with 1 if a fault is missed.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { circumstances, replaceBlock } from '../document.js';
import { FAULTS } from './faults/index.js';
import { markdown, summaryLine } from './report.js';
import { isCaught, runFault, undisturbed } from './run-fault.js';

/**
 * @typedef {import('./run-fault.js').Fault} Fault
 * @typedef {import('./load.js').Outcome} Outcome
 * @typedef {{ fault: Fault, verdict: 'caught' | 'missed' | 'skipped', outcome?: Outcome, before?: number, after?: number }} Row
 */

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    fast: { type: 'boolean', default: false },
    json: { type: 'string' },
    document: { type: 'string' },
  },
});

const chosen = FAULTS.filter(
  ({ name, slow }) =>
    (values.only.length === 0 || values.only.some((only) => name.startsWith(only))) && !(values.fast && slow),
);
/** Undisturbed runs by their settings, because many faults share them. @type {Map<string, Promise<Outcome>>} */
const undisturbedRuns = new Map();
/** @type {Row[]} */
const rows = [];
for (const fault of chosen) {
  const row = await tryFault(fault);
  rows.push(row);
  console.log(summaryLine(row));
}
const missed = rows.filter(({ verdict }) => verdict === 'missed');
console.log(`${rows.length} faults: ${rows.length - missed.length} as expected, ${missed.length} missed`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
if (values.document !== undefined) {
  await replaceBlock(values.document, 'faults', `${circumstances()}\n\n${markdown(rows)}`);
}
process.exitCode = missed.length === 0 ? 0 : 1;

/** @param {Fault} fault @returns {Promise<Row>} */
async function tryFault(fault) {
  if (fault.needs !== undefined && !existsSync(fault.needs)) {
    return { fault, verdict: 'skipped' };
  }
  const base = await baseOf(fault);
  const outcome = await runFault(fault);
  const [before, after] = [base.values[fault.number], outcome.values[fault.number]];
  return {
    ...{ fault, outcome, verdict: isCaught(outcome, fault.expect) ? 'caught' : 'missed' },
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}

/** @param {Fault} fault @returns {Promise<Outcome>} */
function baseOf(fault) {
  const plain = undisturbed(fault);
  const key = JSON.stringify([plain.schedule, plain.load]);
  const known = undisturbedRuns.get(key) ?? runFault(plain);
  undisturbedRuns.set(key, known);
  return known;
}
