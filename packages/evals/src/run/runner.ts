import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { SweeplineError, messageOf, onOneLine, toSweeplineError } from '@sweepline/core';
import { runEval } from './run-eval.js';
import { scoreInThread } from './scoring-thread.js';
import { settingsSchema, type Settings } from './settings.js';

/** Milliseconds between two lines of progress at least. */
const PERIOD_MS = 1000;

/**
 * The program of the bundle: `node runner.mjs SPEC.json`. Progress is JSON lines on stdout; why it failed is a line on stderr, and the exit
 * code is that of the error. In a thread it scores.
 */
async function main([file]: readonly string[]): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // Whoever reads the progress may end first.
  process.stdout.on('error', () => {});
  try {
    if (file === undefined)
      throw new SweeplineError('USAGE', 'expected the path of a spec: runner.mjs SPEC.json');
    const settings = await readSettings(file);
    let said = -Infinity;
    const results = await runEval(settings, {
      signal: stop.signal,
      thread: new URL(import.meta.url),
      env: process.env,
      onProgress: ({ done, of }) => {
        if (done < of && performance.now() - said < PERIOD_MS) return;
        said = performance.now();
        say({ event: 'progress', done, of });
      },
    });
    say({ event: 'scores', scores: results.scores, samples: results.samples });
    return 0;
  } catch (thrown) {
    const { code, message, where, hint, exitCode } = toSweeplineError(thrown, 'INTERNAL');
    const place = [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');
    const line = [
      `${code}: ${message}`,
      place === '' ? '' : ` (${place})`,
      hint === undefined ? '' : `; ${hint}`,
    ];
    process.stderr.write(`${onOneLine(line.join(''))}\n`);
    return exitCode;
  }
}

async function readSettings(file: string): Promise<Settings> {
  let settings: Settings;
  try {
    settings = settingsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new SweeplineError('USAGE', `can't read the spec: ${messageOf(cause)}`, { where: { file }, cause });
  }
  const at = (path: string): string => resolve(dirname(file), path);
  const data = Object.entries(settings.data).map(([split, path]) => [split, at(path)] as const);
  return {
    ...settings,
    task: at(settings.task),
    data: Object.fromEntries(data),
    output: at(settings.output),
  };
}

function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else scoreInThread();
