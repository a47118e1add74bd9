// @ts-check
/**
 * What Sweepline takes per point in addition to a script that takes the same steps by hand, on each launcher, in turn:
 *
 * node bench/launchers/run.js [--rounds 5] [--points 4] [--only local|docker|slurm]... [--json FILE]
 *
 * It runs the code in dist, so build first. Needs root and Linux: it makes namespaces of its own, which go with it, for the daemons.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../matrix/statistics.js';
import { BEDS } from './beds.js';
import { makeSubject } from './subject.js';

const NAMESPACES = ['--mount', '--net', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc'];
/** Seconds per point that Sweepline may take more. */
const LIMIT_S = 1;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    points: { type: 'string', default: '4' },
    only: { type: 'string', multiple: true, default: BEDS.map(({ launcher }) => launcher) },
    json: { type: 'string' },
    inside: { type: 'boolean', default: false },
  },
});
const points = Number(values.points);

/** @typedef {{ launcher: string, isShared: boolean, sweepS: number[], onceS: number[], byHandS: number[] }} Row */

// Daemons of the beds would keep the process; they end with its namespaces.
process.exit(await (values.inside ? measure() : enter()));

/** Does it all again in namespaces of its own. @returns {Promise<number>} */
async function enter() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.log('skipped: it needs root on Linux');
    return 0;
  }
  const self = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2), '--inside'];
  const child = spawn(
    'unshare',
    [...NAMESPACES, 'sh', '-c', 'ip link set lo up; "$@"; exit $?', 'sh', ...self],
    {
      stdio: 'inherit',
    },
  );
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill('SIGKILL'));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

async function measure() {
  const subjects = [];
  for (const bed of BEDS.filter(({ launcher }) => values.only.includes(launcher))) {
    const reason = bed.missing();
    if (reason !== undefined) {
      console.log(`${bed.launcher}: skipped: ${reason}`);
      continue;
    }
    await bed.start();
    subjects.push({ launcher: bed.launcher, ...(await makeSubject(bed, points)) });
  }
  /** @type {Row[]} */
  const rows = subjects.flatMap(({ launcher }) =>
    [false, true].map((isShared) => ({ launcher, isShared, sweepS: [], onceS: [], byHandS: [] })),
  );
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const row of rows) {
      const subject = subjects.find(({ launcher }) => launcher === row.launcher);
      if (subject === undefined) continue;
      const sweep = async () => {
        const { pointsS, onceS } = await subject.sweep(row.isShared);
        row.sweepS.push(pointsS);
        row.onceS.push(onceS);
      };
      const byHand = async () => void row.byHandS.push(await subject.byHand(row.isShared));
      for (const run of round % 2 === 0 ? [sweep, byHand] : [byHand, sweep]) await run();
    }
    console.error(`round ${round + 1} of ${values.rounds}`);
  }
  for (const subject of subjects) await subject.close();
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ points, rows })}\n`);
  const lines = rows.map(lineOf);
  console.log(
    '| launcher | sessions | Sweepline, s per point | by hand, s per point | more, s per point | s per sweep |',
  );
  console.log('| - | - | - | - | - | - |');
  for (const { line } of lines) console.log(line);
  return lines.every(({ isMet }) => isMet) ? 0 : 1;
}

/** @param {Row} row */
function lineOf({ launcher, isShared, sweepS, onceS, byHandS }) {
  const perPoint = (/** @type {readonly number[]} */ seconds) => seconds.map((all) => all / points);
  const more = sweepS.map((seconds, round) => (seconds - (byHandS[round] ?? 0)) / points);
  const sessions = isShared ? `one for ${points} points` : 'one per point';
  const cells = [
    launcher,
    sessions,
    spread(perPoint(sweepS)),
    spread(perPoint(byHandS)),
    spread(more),
    spread(onceS),
  ];
  return { line: `| ${cells.join(' | ')} |`, isMet: median(more) <= LIMIT_S };
}

/** @param {readonly number[]} values */
function spread(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median([...values]).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}
