import { describedSchemas } from '../results/json-schemas.js';
import { eventLineSchema } from './events.js';
import { statusSchema } from './status-schema.js';

/** The JSON Schemas of what a sweep says while it runs, by file name. */
export function eventJsonSchemas(): Readonly<Record<string, object>> {
  return describedSchemas([
    ['event-1', 'A line of `sweep --events`: what happens in a sweep', eventLineSchema],
    ['status-1', 'status.json of a run: where a sweep that runs is', statusSchema],
  ]);
}
