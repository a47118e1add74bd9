// @ts-check
/**
 * Runs honest loads and counts their marks; there should be none.
 *
 * node checks/honest/run.js [--points 300] [--folder DIR] [--wait SECONDS] [--kind KIND]... [--document docs/reliability.md]
 *
 * A point counts if the machine was quiet just before it and during it; the others are counted separately, and the next call with the same
 * folder runs them again; it continues where the previous one ended. Exits with 1 if a point is invalid, or if more than 2 % have a note.
 * It runs the code in dist, so build first.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLoad } from '../faults/load.js';
import { circumstances, replaceBlock } from '../document.js';
import { honestPoints } from './points.js';
import { QUIET_SHARE, quietMoment } from './quiet.js';
import { markdown, totals } from './report.js';
import { Servers } from './servers.js';

/**
 * @typedef {import('./points.js').Point} Point
 * @typedef {object} Done
 * @property {string} kind
 * @property {string} name
 * @property {boolean} quiet Whether the machine was quiet before the point and during it.
 * @property {number} others Share of the cores that others used before.
 * @property {number} [taken] The same during the point, including the host's share, from /proc/stat.
 * @property {readonly import('../faults/load.js').Mark[]} marks
 * @property {string} [failed] Code of the error that ended it without a result.
 * @property {string} [message]
 * @property {number} [durationS]
 */

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '300' },
    folder: { type: 'string', default: join(tmpdir(), 'sweepline-honest') },
    wait: { type: 'string', default: '20' },
    kind: { type: 'string', multiple: true, default: [] },
    document: { type: 'string' },
  },
});

const folder = resolve(values.folder);
mkdirSync(join(folder, 'points'), { recursive: true });
const servers = new Servers(folder);
let stopping = false;
process.on('SIGINT', () => (stopping = true)).on('SIGTERM', () => (stopping = true));

const points = honestPoints(Number(values.points)).filter(
  ({ kind }) => values.kind.length === 0 || values.kind.includes(kind),
);
/** @type {Done[]} */
const done = [];
try {
  for (const point of points) {
    if (stopping) break;
    const one = readPoint(point) ?? (await runPoint(point));
    if (one !== undefined) done.push(one);
  }
} finally {
  await servers.close();
}
const sum = totals(done);
const text = markdown(done, sum, points.length);
writeFileSync(join(folder, 'honest.json'), `${JSON.stringify({ ...sum, points: done }, undefined, 2)}\n`);
writeFileSync(join(folder, 'honest.md'), text);
console.log(`\n${text}`);
if (values.document !== undefined) {
  await replaceBlock(values.document, 'honest', `${circumstances()}\n\n${text}`);
}
process.exitCode =
  sum.invalid > 0 || sum.failed > 0 || sum.noted > 0.02 * sum.quiet || done.length < points.length ? 1 : 0;

/** @param {Point} point @returns {Done | undefined} The result of an earlier call on a quiet machine. */
function readPoint(point) {
  const file = fileOf(point);
  if (!existsSync(file)) return undefined;
  /** @type {Done} */
  const earlier = JSON.parse(readFileSync(file, 'utf8'));
  return earlier.quiet && earlier.name === point.name ? earlier : undefined;
}

/** @param {Point} point @returns {Promise<Done | undefined>} Undefined if this check was stopped during the point. */
async function runPoint(point) {
  const server = await servers.start(point);
  const machine = await quietMoment(Number(values.wait));
  const { kind, name, api, load } = point;
  const {
    marks,
    values: metrics,
    taken,
    failed,
    message,
  } = await startLoad({
    ...load,
    endpoint: { baseUrl: server.url, api },
    output: { recordsFile: '' },
  }).ended;
  await server.close();
  if (stopping) return undefined;
  const { duration } = metrics;
  const result = {
    ...{ kind, name, ...machine, quiet: machine.quiet && (taken ?? 0) < QUIET_SHARE, marks },
    ...(taken !== undefined && { taken }),
    ...(failed !== undefined && { failed, message }),
    ...(duration !== undefined && { durationS: duration }),
  };
  const file = fileOf(point);
  writeFileSync(`${file}.part`, `${JSON.stringify(result)}\n`);
  renameSync(`${file}.part`, file);
  const said = failed ?? marks.map(({ code, severity }) => `${code} (${severity})`).join(', ');
  console.log(
    `${result.quiet ? 'quiet' : 'busy '} ${duration?.toFixed(1) ?? '-'} s ${name}: ${said || 'no mark'}`,
  );
  return result;
}

/** @param {Point} point */
function fileOf({ name }) {
  return join(folder, 'points', `${name.slice(0, 3)}.json`);
}
