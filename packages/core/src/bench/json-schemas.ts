import { describedSchemas } from '../results/json-schemas.js';
import { searchSchema } from './find-max-rate/search-schema.js';

/** The JSON Schema of what a search leaves, by file name. */
export function searchJsonSchemas(): Readonly<Record<string, object>> {
  return describedSchemas([['max-rate-1', 'search.json: a search for the highest load', searchSchema]]);
}
