import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError, type CommandContext } from '@sweepline/core';
import { select, type Database } from '../index/database.js';
import { runNameOf } from '../compare/side.js';
import { list, number, object, text, type Json } from '../json.js';
import { textOf } from '../output/values.js';
import type { GatePoint, GateRun } from './rule.js';

const POINTS = `
  SELECT r.*, (SELECT to_json(list({code: code, severity: severity, message: message} ORDER BY code)) FROM marks m
    WHERE m.source = r.source AND m.run = r.run AND m.point = r.point) AS point_marks
  FROM results r WHERE run = $run AND NOT coalesce(is_duplicate, false) ORDER BY point`;

/** @throws {SweeplineError} USAGE for a run that is not there */
export async function readGateRun(
  index: Database,
  given: string,
  confirmedBy: string | undefined,
  context: CommandContext,
): Promise<GateRun> {
  const run = await runNameOf(given, context.cwd);
  const [row] = await select(index.connection, 'SELECT folder, origin FROM runs WHERE run = $run', { run });
  if (row === undefined)
    throw new SweeplineError('USAGE', `there is no run ${run}`, {
      hint: 'sweepline query "SELECT run FROM runs" lists them.',
    });
  const folder = row[1] === 'sweepline' ? textOf(row[0]) : undefined;
  const read = await index.connection.runAndReadAll(POINTS, { run });
  return {
    ...{ run, folder, confirmedBy, index, context },
    points: read.getRowObjectsJson().map((one) => pointOf(object(one))),
    expected: folder === undefined ? undefined : await expectedOf(folder),
  };
}

function pointOf(row: Json): GatePoint {
  const error = [text(row['layer']), text(row['error'])].filter((part) => part !== undefined);
  return {
    ...{
      point: text(row['point']) ?? '',
      state: text(row['state']) ?? '',
      isValid: row['is_valid'] === true,
    },
    error: error.length === 0 ? undefined : error.join(': '),
    ...{ offered: count(row['offered']), failed: count(row['requests_failed']) },
    marks: list(JSON.parse(text(row['point_marks']) ?? '[]')).map(({ code, severity, message }) => ({
      ...{ code: text(code) ?? '', severity: text(severity) ?? '', message: text(message) ?? '' },
    })),
    numbers: Object.fromEntries(
      Object.entries(row).flatMap(([key, value]) => (typeof value === 'number' ? [[key, value]] : [])),
    ),
  };
}

/** DuckDB gives whole numbers as text. */
function count(value: unknown): number | undefined {
  return typeof value === 'string' ? Number(value) : number(value);
}

/** Names of a run's points, in run.json. */
async function expectedOf(folder: string): Promise<readonly string[] | undefined> {
  const { pointNames } = object(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
  return Array.isArray(pointNames) ? pointNames.filter((name) => typeof name === 'string') : undefined;
}
