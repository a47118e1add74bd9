import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError, type CommandContext } from '@sweepline/core';
import { ask } from '../index/ask.js';
import { select, type Database } from '../index/database.js';
import { objectsOf } from '../output/answer.js';
import { runNameOf } from '../compare/side.js';
import { list, number, object, text, type Json } from '../json.js';
import { textOf } from '../output/values.js';
import type { GatePoint, GateRun } from './rule.js';

const POINTS = `
  SELECT r.*, (SELECT list({code: code, severity: severity, message: message} ORDER BY code) FROM marks m
    WHERE m.source = r.source AND m.run = r.run AND m.point = r.point) AS point_marks
  FROM results r WHERE run = $1 AND NOT coalesce(is_duplicate, false) ORDER BY point`;

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
  const points = await ask(index.connection, POINTS, [run], context.signal);
  return {
    ...{ run, confirmedBy, index, context },
    points: objectsOf(points).map(pointOf),
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
    ...{ offered: number(row['offered']), failed: number(row['requests_failed']) },
    marks: list(row['point_marks']).map(({ code, severity, message }) => ({
      ...{ code: text(code) ?? '', severity: text(severity) ?? '', message: text(message) ?? '' },
    })),
    numbers: Object.fromEntries(
      Object.entries(row).flatMap(([key, value]) => (typeof value === 'number' ? [[key, value]] : [])),
    ),
  };
}

/** Names of a run's points, in run.json. */
async function expectedOf(folder: string): Promise<readonly string[] | undefined> {
  const { pointNames } = object(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
  return Array.isArray(pointNames) ? pointNames.filter((name) => typeof name === 'string') : undefined;
}
