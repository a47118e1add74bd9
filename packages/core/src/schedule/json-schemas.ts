import { describedSchemas } from '../results/json-schemas.js';
import { eventLineSchema } from './events.js';

/** The JSON Schema of what a sweep says while it runs, by file name. */
export function eventJsonSchemas(): Readonly<Record<string, object>> {
  return describedSchemas([
    ['event-1', 'A line of `sweep --events`: what happens in a sweep', eventLineSchema],
  ]);
}
