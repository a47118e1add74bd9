// @ts-check
/** What a run that is killed and resumed has to be like, by its files. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRun } from '@sweepline/core';

/** Arguments that begin a run, or go on with the one that is there. @param {string} root the workspace's folder */
export async function argumentsOf(root) {
  const runs = await begunRuns(root);
  const [run] = runs;
  return ['sweep', '--allow-invalid', ...(run === undefined ? [] : ['--resume', run])];
}

/** Names of runs that say what they are; of one that was killed before that, nothing was measured. @param {string} root */
async function begunRuns(root) {
  const names = await readdir(join(root, 'results')).catch(() => []);
  const files = await Promise.all(names.map((name) => readdir(join(root, 'results', name))));
  return names.filter((_, index) => files[index]?.includes('run.json')).sort();
}

/**
 * Points whose result is another one than it was. @param {string} root
 * @param {Map<string, string>} seen when a point began to be measured, by its name
 */
export async function measuredTwice(root, seen) {
  const [run] = await begunRuns(root);
  if (run === undefined) return [];
  const { results } = await readRun(join(root, 'results', run));
  const found = [];
  for (const { name, startedAt, state } of results) {
    if (state === 'interrupted') continue;
    const before = seen.get(name);
    if (before !== undefined && before !== startedAt) found.push(`${name} was measured twice`);
    seen.set(name, startedAt);
  }
  return found;
}

/** What is wrong with a run that has ended: it has to have each point once, and nothing else. @param {string} root @param {number} points */
export async function wholeRun(root, points) {
  const runs = await begunRuns(root);
  const [run = ''] = runs;
  const folder = join(root, 'results', run);
  const { results, run: info, problems: unread } = await readRun(folder);
  const files = await readdir(folder, { recursive: true });
  const names = new Set(results.map(({ name }) => name));
  const lines = (await readFile(join(folder, 'results.ndjson'), 'utf8')).trim().split('\n');
  const sessions = await Promise.all(
    files
      .filter((file) => /^sessions\/\w+\.json$/.test(file))
      .map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')).state),
  );
  const isLeft = (/** @type {string} */ file) => /(?:^|\/)(?:\.running-|lock-)|\.tmp$/.test(file);
  return [
    ...(runs.length === 1 ? [] : [`${runs.length} runs`]),
    ...(info.state === 'finished' ? [] : [`the run is ${info.state}`]),
    ...(names.size === points && results.length === points ? [] : [`${results.length} results`]),
    ...results.flatMap(({ name, state }) => (state === 'completed' ? [] : [`${name} is ${state}`])),
    ...(lines.length === points ? [] : [`${lines.length} lines in results.ndjson`]),
    ...(sessions.every((state) => state === 'ended') ? [] : ['sessions are open']),
    ...unread.map(({ message }) => message),
    ...files.filter(isLeft).map((file) => `left: ${file}`),
  ];
}
