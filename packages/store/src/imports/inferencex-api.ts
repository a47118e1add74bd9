import { number, object, text } from '../json.js';
import { eachRow, firstOf } from './each-row.js';
import type { ImportFormat } from './format.js';
import { evalRow } from './inferencex-evals.js';
import { apiIdentity, measured, runOf } from './inferencex-rows.js';

/* What the API of InferenceX's dashboard answers: metrics nested, hardware normalised, each row names its run. */

/** Of /api/v1/benchmarks. */
export const apiBenchmarks: ImportFormat = {
  name: 'inferencex-api-benchmarks',
  origin: 'inferencex',
  matches(content) {
    const row = firstOf(content);
    return 'hardware' in row && 'conc' in row && 'metrics' in row && !('task' in row);
  },
  rows: (imported) =>
    eachRow(imported, (at) => {
      const url = text(at.row['run_url']);
      const run = runOf(url) ?? at.run;
      const rows = measured({ ...at, run }, apiIdentity(at.row), object(at.row['metrics']), {
        finished_at: text(at.row['date']),
      });
      if (typeof rows === 'string') return rows;
      return [{ table: 'run_parts', cells: { run, folder: at.file, origin: 'inferencex', url } }, ...rows];
    }),
};

/**
 * Of /api/v1/evaluations. It calls nearly all servers on one node disaggregated (457 of 478, 2026-06-14), also where its benchmarks of the
 * same servers do not: then it is not known whether they were.
 */
export const apiEvaluations: ImportFormat = {
  name: 'inferencex-api-evaluations',
  origin: 'inferencex',
  matches(content) {
    const row = firstOf(content);
    return 'hardware' in row && 'task' in row && 'metrics' in row;
  },
  rows: (imported) =>
    eachRow(imported, (at) => {
      const run = runOf(at.row['run_url']) ?? at.run;
      const date = text(at.row['timestamp']) ?? text(at.row['date']);
      const isContrary = at.row['disagg'] === true && at.row['is_multinode'] === false;
      const row = isContrary ? { ...at.row, disagg: undefined } : at.row;
      const extra = isContrary ? JSON.stringify({ disagg: true }) : undefined;
      return evalRow({ ...at, run }, apiIdentity(row), object(at.row['metrics']), { date, extra });
    }),
};

/** Of /api/v1/reliability: jobs by hardware and day. */
export const apiReliability: ImportFormat = {
  name: 'inferencex-api-reliability',
  origin: 'inferencex',
  matches(content) {
    const row = firstOf(content);
    return 'hardware' in row && 'n_success' in row && 'total' in row;
  },
  rows: (imported) =>
    eachRow(imported, ({ row, run, file }) => [
      {
        table: 'success',
        cells: {
          ...{ run, sku: text(row['hardware']), date: text(row['date']) },
          ...{ n_success: number(row['n_success']), total: number(row['total']), file },
        },
      },
    ]),
};

/** Of /api/v1/availability: days on which there are results of something. */
export const apiAvailability: ImportFormat = {
  name: 'inferencex-api-availability',
  origin: 'inferencex',
  matches(content) {
    const row = firstOf(content);
    return 'hardware' in row && 'isl' in row && 'date' in row && !('conc' in row);
  },
  rows: (imported) =>
    eachRow(imported, ({ row, run, file }) => [
      {
        table: 'availability',
        cells: {
          ...{
            run,
            date: text(row['date']),
            infmax_model_prefix: text(row['model']),
            sku: text(row['hardware']),
          },
          ...{ framework: text(row['framework']), precision: text(row['precision']) },
          ...{ spec_decoding: text(row['spec_method']), disagg: row['disagg'] === true },
          ...{ isl: number(row['isl']), osl: number(row['osl']), file },
        },
      },
    ]),
};
