import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readResultLines } from '@sweepline/core';
import { list, number, object, text } from '../json.js';
import { linesOf } from './lines.js';
import { resultRows } from './result-rows.js';
import type { Problem, Source, SourceRow } from './rows.js';

const RUN_FILE = 'run.json';
const LINES_FILE = 'results.ndjson';
const JOURNAL_FILE = 'journal.ndjson';
const POINTS = 'points';
/** Folders of points that are being measured have this before their name. */
const RUNNING = '.running-';

/** A run's folder, or undefined for another one. */
export async function runSource(folder: string): Promise<Source | undefined> {
  const states = await Promise.all(
    [RUN_FILE, LINES_FILE, JOURNAL_FILE, POINTS].map((name) => stateOf(join(folder, name))),
  );
  if (states[0] === undefined) return undefined;
  return { folder, kind: 'run', state: states.join(' '), rows: () => rowsOf(folder) };
}

/** Size and time of a file. */
export async function stateOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && `${found.size}:${found.mtimeNs}`;
}

async function* rowsOf(folder: string): AsyncIterable<SourceRow | Problem> {
  const run = object(JSON.parse(await readFile(join(folder, RUN_FILE), 'utf8')));
  const name = text(run['id']) ?? folder;
  yield {
    table: 'run_parts',
    cells: {
      ...{ run: name, folder, origin: 'sweepline', state: text(run['state']), reason: text(run['reason']) },
      ...{ sweepline: text(run['sweepline']), points: number(run['points']) },
      ...{ started_at: text(run['startedAt']), finished_at: text(run['finishedAt']) },
    },
  };
  for (const output of list(run['outputs']))
    yield {
      table: 'outputs',
      cells: {
        ...{ run: name, key: text(output['key']), label: text(output['label']) },
        ...{ unit: text(output['unit']), better: text(output['better']) },
        definition: text(output['definition']),
      },
    };
  yield* pointsOf(folder, name);
  yield* journalOf(folder, name);
}

async function* pointsOf(folder: string, run: string): AsyncIterable<SourceRow | Problem> {
  const names = await readdir(join(folder, POINTS)).catch(() => []);
  const points = new Set(names.filter((name) => !name.startsWith(RUNNING)));
  const last = new Map<string, number>();
  let damaged = 0;
  for await (const line of linesOf(join(folder, LINES_FILE))) {
    const name = pointIn(line.value);
    if (name === undefined) damaged += 1;
    else if (points.has(name)) last.set(name, line.number);
  }
  if (damaged > 0)
    yield { problem: `${LINES_FILE} has ${damaged} damaged ${damaged === 1 ? 'line' : 'lines'}` };
  if (last.size < points.size) {
    yield* pointsOfFolders(folder, run);
    return;
  }
  for await (const line of linesOf(join(folder, LINES_FILE)))
    if (last.get(pointIn(line.value) ?? '') === line.number)
      yield* resultRows(run, folder, object(object(line.value)['result']));
}

/** Of runs whose results.ndjson is missing or not complete: what is missing there is read from the points' folders. */
async function* pointsOfFolders(folder: string, run: string): AsyncIterable<SourceRow | Problem> {
  const { lines, problems } = await readResultLines(folder);
  for (const { message } of problems) yield { problem: message };
  for (const { result } of lines) yield* resultRows(run, folder, { ...result });
}

/** Name of a line's point, if it is one of results. */
function pointIn(line: unknown): string | undefined {
  const { folder, result } = object(line);
  const name = text(object(result)['name']);
  return name !== undefined && folder === `${POINTS}/${name}` ? name : undefined;
}

async function* journalOf(folder: string, run: string): AsyncIterable<SourceRow> {
  for await (const line of linesOf(join(folder, JOURNAL_FILE))) {
    const { seq, time, type } = object(line.value);
    if (typeof seq === 'number')
      yield { table: 'journal', cells: { run, seq, time: text(time), type: text(type), entry: line.text } };
  }
}
