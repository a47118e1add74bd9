import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';

const SCHEMAS = join(import.meta.dirname, '../../../../schemas');

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** One of schemas/. */
export async function schemaOf(name: string): Promise<JsonSchema> {
  return JSON.parse(await readFile(join(SCHEMAS, `${name}.schema.json`), 'utf8')) as JsonSchema;
}

/** The same schema for a strict reader: no unknown members. */
export function strict(schema: JsonSchema): JsonSchema {
  const parts = (record: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(Object.entries(record).map(([name, part]) => [name, strict(part as JsonSchema)]));
  return {
    ...schema,
    ...(schema.properties && { properties: parts(schema.properties), additionalProperties: false }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map((part) => strict(part)) }),
    ...(schema.items && { items: strict(schema.items as JsonSchema) }),
  };
}
