import { basename, join } from 'node:path';
import { textIn, type FileTree } from '../file-tree.js';
import { list, number, object, parsed, text } from '../json.js';
import { linesOf, type JsonLine } from './lines.js';
import { isKnownResult, resultRows } from './result-rows.js';
import type { Problem, SourceRow } from './rows.js';

export const RUN_FILE = 'run.json';
export const LINES_FILE = 'results.ndjson';
export const JOURNAL_FILE = 'journal.ndjson';
export const POINTS = 'points';
const RESULT_FILE = 'result.json';

/** Rows of a run's folder, also of one that has its results.ndjson alone. @throws {Error} if its run.json can't be read */
export async function* runRows(tree: FileTree, folder: string): AsyncIterable<SourceRow | Problem> {
  const file = join(folder, RUN_FILE);
  const isThere = (await tree.size(file)) !== undefined;
  const run = isThere ? object(JSON.parse(await textIn(tree, file))) : {};
  const name = text(run['id']) ?? basename(folder);
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
  yield* pointsOf(tree, folder, name);
  yield* journalOf(tree, folder, name);
}

async function* pointsOf(tree: FileTree, folder: string, run: string): AsyncIterable<SourceRow | Problem> {
  // Until a point has ended, and once it was replaced, the name of its folder begins with a dot.
  const entries = await tree.entries(join(folder, POINTS));
  const names = entries?.map(({ name }) => name).filter((name) => !name.startsWith('.'));
  const missing = new Set(names);
  const path = join(folder, LINES_FILE);
  /** Of a point that has several lines the last counts. */
  const last = new Map<string, JsonLine>();
  let damaged: number[] = [];
  let lines = 0;
  for await (const line of linesOf(tree, path)) {
    lines = line.number;
    const name = pointIn(line.text);
    if (name === undefined) damaged.push(line.number);
    else if (names === undefined || missing.has(name)) last.set(name, line);
  }
  for (const [name, line] of last) {
    const result = object(object(line.parse())['result']);
    if (text(result['name']) === name) {
      missing.delete(name);
      yield* resultRows(run, resultFile(folder, name), result);
    } else damaged.push(line.number);
  }
  // A crash, or a sweep that is writing it, leaves a last line half done.
  damaged = damaged.filter((number) => number < lines);
  if (damaged.length > 0)
    yield { problem: `${LINES_FILE} has damaged lines: ${damaged.slice(0, MOST_NAMED).join(', ')}` };
  if (missing.size > 0) yield* pointsOfFolders(tree, folder, run, { names: names ?? [], missing });
}

/** Damaged lines that are named. */
const MOST_NAMED = 10;

/** Of runs whose results.ndjson is missing or not complete: what is missing there is read from the points' folders. */
async function* pointsOfFolders(
  tree: FileTree,
  folder: string,
  run: string,
  { names, missing }: { readonly names: readonly string[]; readonly missing: ReadonlySet<string> },
): AsyncIterable<SourceRow | Problem> {
  const found = new Set(names.filter((name) => !missing.has(name)));
  for (const point of missing) {
    const file = resultFile(folder, point);
    const result = object(parsed(await textIn(tree, file).catch(() => undefined)));
    const name = text(result['name']);
    // A folder may have another name than its point; a copy of a point counts once.
    const isCopy = name !== undefined && (found.has(name) || (name !== point && missing.has(name)));
    if (name === undefined || !isKnownResult(result))
      yield { problem: `${file} is no result, or can't be read` };
    else if (isCopy) yield { problem: `${file} is a copy of the result of ${name}` };
    else {
      found.add(name);
      yield* resultRows(run, file, result);
    }
  }
}

function resultFile(folder: string, point: string): string {
  return join(folder, POINTS, point, RESULT_FILE);
}

/** The folder comes first in a line, and is named after the point. */
const FOLDER = /^\{"v":1,"folder":"points\/((?:[^"\\]|\\.)+)"/;

/** Name of a line's point, if it is one of results. */
function pointIn(line: string): string | undefined {
  const name = FOLDER.exec(line)?.[1];
  return name?.includes('\\') === true ? (JSON.parse(`"${name}"`) as string) : name;
}

async function* journalOf(tree: FileTree, folder: string, run: string): AsyncIterable<SourceRow> {
  for await (const line of linesOf(tree, join(folder, JOURNAL_FILE))) {
    const { seq, time, type } = object(line.parse());
    if (typeof seq === 'number')
      yield { table: 'journal', cells: { run, seq, time: text(time), type: text(type), entry: line.text } };
  }
}
