import { join } from 'node:path';
import { readJson } from '../../results/stored-json.js';
import { SEARCH_FILE } from './files.js';
import { searchSchema, type StoredSearch } from './search-schema.js';

/** @throws {SweeplineError} RESULT_READ_FAILED */
export function readSearch(folder: string): Promise<StoredSearch> {
  return readJson(
    join(folder, SEARCH_FILE),
    searchSchema,
    'Name the folder of a search, such as max-rate-<time>.',
  );
}
