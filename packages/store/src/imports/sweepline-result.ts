import { isKnownResult, resultRows } from '../index/result-rows.js';
import { object, text } from '../json.js';
import { eachRow } from './each-row.js';
import type { ImportFormat } from './format.js';

/** A result.json of Sweepline's by itself, without its run. A workspace's own are in its index as they are. */
export const sweeplineResult: ImportFormat = {
  name: 'sweepline-result',
  origin: 'sweepline',
  matches: (content) => isKnownResult(object(content)),
  rows: (imported) =>
    eachRow(imported, ({ row, run, file }) =>
      text(row['name']) === undefined ? 'it has no name' : resultRows(run, file, row),
    ),
};
