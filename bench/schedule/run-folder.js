// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toJson } from '../../packages/core/dist/results/write.js';
import { endOf } from '../../packages/core/dist/results/point-end.js';
import { sealOf } from '../../packages/core/dist/results/result-lines.js';
import { openJournal } from '../../packages/core/dist/schedule/journal.js';
import { openSessions } from '../../packages/core/dist/schedule/left-sessions.js';
import { reopenRun } from '../../packages/core/dist/schedule/open-run.js';

const FIXTURE = fileURLToPath(new URL('../../packages/core/test/fixtures/run-v1/', import.meta.url));

/**
 * A run whose points have all ended, as a sweep leaves it.
 * @param {string} folder @param {number} points
 * @param {string} sample name of the fixture's point whose result each of them has
 */
export async function finishedRun(folder, points, sample) {
  const result = JSON.parse(readFileSync(join(FIXTURE, 'points', sample, 'result.json'), 'utf8'));
  const names = Array.from({ length: points }, (_, index) => `${sample}-${index}`);
  for (const part of ['points', 'sessions']) mkdirSync(join(folder, part), { recursive: true });
  const run = JSON.parse(readFileSync(join(FIXTURE, 'run.json'), 'utf8'));
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ ...run, points, pointNames: names, process: { pid: 1, host: 'another' } }),
  );
  const journal = await openJournal(folder);
  await journal.append({ type: 'planned', plans: Object.fromEntries(names.map((name) => [name, '0'])) });
  const lines = [];
  for (const [index, name] of names.entries()) {
    const own = { ...result, name };
    const token = index.toString(16).padStart(32, '0');
    const session = { v: 1, token, points: [name], runner: 'x', launcher: 'local', state: 'ended' };
    writeFileSync(join(folder, 'sessions', `${token}.json`), JSON.stringify(session));
    for (const part of [`points/${name}`, `bmk_${name}`, `server_logs_${name}`])
      mkdirSync(join(folder, part));
    writeFileSync(join(folder, 'points', name, 'result.json'), toJson(own));
    writeFileSync(join(folder, `bmk_${name}`, `agg_${name}.json`), JSON.stringify(own.row ?? {}));
    writeFileSync(join(folder, `server_logs_${name}`, 'server.log'), 'ready\n');
    lines.push(JSON.stringify({ v: 1, folder: `points/${name}`, result: own }));
    await journal.append({ type: 'point-begun', name });
    await journal.append({ type: 'session-begun', token, runner: 'x', launcher: 'local', points: [name] });
    await journal.append({ type: 'session-ended', token, left: false });
    await journal.append({ type: 'point-ended', ...endOf(own), seal: sealOf(own) });
  }
  await journal[Symbol.asyncDispose]();
  writeFileSync(join(folder, 'results.ndjson'), lines.map((line) => `${line}\n`).join(''));
  return folder;
}

/** Milliseconds until it is known what a run has: sessions that are open, the journal, and all results. @param {string} folder */
export async function measureResume(folder) {
  const begin = performance.now();
  const run = await reopenRun(folder, { takeOver: true }, async (ended) => {
    await openSessions(join(folder, '..'), { name: 'run', ended });
  });
  const ms = performance.now() - begin;
  await run[Symbol.asyncDispose]();
  return ms;
}

/** Milliseconds of an entry that isn't synced. @param {string} folder @param {number} entries */
export async function measureJournal(folder, entries) {
  const journal = await openJournal(folder);
  const begin = performance.now();
  for (let index = 0; index < entries; index += 1)
    await journal.append({ type: 'point-begun', name: `point-${index}` });
  const ms = (performance.now() - begin) / entries;
  await journal[Symbol.asyncDispose]();
  return ms;
}
