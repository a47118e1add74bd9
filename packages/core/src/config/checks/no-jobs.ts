import { DIALECT_FIELD } from '../master.js';
import type { Check } from './check.js';
import { scenariosOf } from './scenarios.js';

/** An entry without any job; a sweep with only such entries is refused. */
export const noJobs: Check = {
  name: 'no-jobs',
  run({ entry }) {
    if (scenariosOf(entry).some((spaces) => spaces.length > 0)) return [];
    return [
      {
        path: [DIALECT_FIELD[entry.dialect]],
        message: 'every search-space is empty: there is no job to run',
      },
    ];
  },
};
