import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readResultLines } from '@sweepline/core';
import { list, number, object, text } from '../json.js';
import { linesOf, type JsonLine } from './lines.js';
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
  const missing = new Set(names.filter((name) => !name.startsWith(RUNNING)));
  const path = join(folder, LINES_FILE);
  /** Of a point that has several lines the last counts. */
  const last = new Map<string, JsonLine>();
  let damaged: number[] = [];
  let lines = 0;
  for await (const line of linesOf(path)) {
    lines = line.number;
    const name = pointIn(line.text);
    if (name === undefined) damaged.push(line.number);
    else if (missing.has(name)) last.set(name, line);
  }
  for (const [name, line] of last) {
    const result = object(object(line.parse())['result']);
    if (text(result['name']) === name) {
      missing.delete(name);
      yield* resultRows(run, folder, result);
    } else damaged.push(line.number);
  }
  // A crash, or a sweep that is writing it, leaves a last line half done.
  damaged = damaged.filter((number) => number < lines);
  if (damaged.length > 0)
    yield { problem: `${LINES_FILE} has damaged lines: ${damaged.slice(0, MOST_NAMED).join(', ')}` };
  if (missing.size > 0) yield* pointsOfFolders(folder, run, missing);
}

/** Damaged lines that are named. */
const MOST_NAMED = 10;

/** Of runs whose results.ndjson is missing or not complete: what is missing there is read from the points' folders. */
async function* pointsOfFolders(
  folder: string,
  run: string,
  missing: ReadonlySet<string>,
): AsyncIterable<SourceRow | Problem> {
  const { lines, problems } = await readResultLines(folder);
  for (const { message } of problems) yield { problem: message };
  for (const { result } of lines) if (missing.has(result.name)) yield* resultRows(run, folder, { ...result });
}

/** The folder comes first in a line, and is named after the point. */
const FOLDER = /^\{"v":1,"folder":"points\/((?:[^"\\]|\\.)+)"/;

/** Name of a line's point, if it is one of results. */
function pointIn(line: string): string | undefined {
  const name = FOLDER.exec(line)?.[1];
  return name?.includes('\\') === true ? (JSON.parse(`"${name}"`) as string) : name;
}

async function* journalOf(folder: string, run: string): AsyncIterable<SourceRow> {
  for await (const line of linesOf(join(folder, JOURNAL_FILE))) {
    const { seq, time, type } = object(line.parse());
    if (typeof seq === 'number')
      yield { table: 'journal', cells: { run, seq, time: text(time), type: text(type), entry: line.text } };
  }
}
