import { z } from 'zod';
import { resultLineSchema } from './result-lines.js';
import { RUN_SCHEMA, runSchema, runVersionSchema } from './run-schema.js';
import { RESULT_SCHEMA, resultSchema, resultVersionSchema } from './schema.js';

/** The name of a JSON Schema, its title, and the zod schema that reads its files. */
type Kind = readonly [name: string, title: string, schema: z.ZodType];

/** Files of a run's folder. */
const KINDS: readonly Kind[] = [
  ['run-2', 'run.json: a sweep as a whole', runSchema],
  ['result-2', "points/<name>/result.json: one point's outcome", resultSchema],
  ['result-line-1', 'A line of results.ndjson: a point of the run', resultLineSchema],
];

/** Schemas that accept several versions, and the version that is written. */
const WRITTEN = new Map<z.core.$ZodType, string>([
  [runVersionSchema, RUN_SCHEMA],
  [resultVersionSchema, RESULT_SCHEMA],
]);

/** The JSON Schemas of a run's files, by file name. They allow unknown members, which later versions may add. */
export function resultJsonSchemas(): Readonly<Record<string, object>> {
  return describedSchemas(KINDS);
}

/** JSON Schemas by file name. */
export function describedSchemas(kinds: readonly Kind[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    kinds.map(([name, title, schema]) => [`${name}.schema.json`, { title, ...toJson(schema) }]),
  );
}

function toJson(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const written = WRITTEN.get(zodSchema);
      if (written !== undefined) Object.assign(jsonSchema, { const: written, enum: undefined });
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
}
