import type { StoredSearch } from './search-schema.js';

/**
 * Reads the search.json of a search's folder. Members that this version doesn't know are kept. What reads is loaded with the first call.
 * @throws {SweeplineError} RESULT_READ_FAILED
 */
export async function readSearch(folder: string): Promise<StoredSearch> {
  return (await import('./read-search.js')).readSearch(folder);
}
