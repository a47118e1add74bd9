import type { z } from 'zod';

/** A load spec's `maxTokens` is `max-tokens` in configs. */
export function configName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A config's fields with the names of load specs, also in nested maps. */
export function specFields(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? specFields(inner) : inner,
    ]),
  );
}

type Schema = z.ZodType;
/** The members of zod's definitions that lead to nested schemas. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
}

/**
 * A load spec's schema for configs: the same, with the config's field names. Checks that refer to fields by other names are left
 * to the spec's own schema.
 */
export function configSchema(schema: Schema): Schema {
  const { shape, innerType, options } = schema._zod.def as unknown as Definition;
  const parts = {
    ...(shape && {
      shape: Object.fromEntries(
        Object.entries(shape).map(([field, inner]) => [configName(field), configSchema(inner)]),
      ),
    }),
    ...(innerType && { innerType: configSchema(innerType) }),
    ...(options && { options: options.map(configSchema) }),
  };
  if (Object.keys(parts).length === 0) return schema;
  const isRenamed = Object.keys(shape ?? {}).some((field) => configName(field) !== field);
  return schema.clone({ ...schema._zod.def, ...parts, ...(isRenamed && { checks: [] }) }, { parent: true });
}

/** Without a default: missing fields are filled in when specs are made. */
export function bare(schema: Schema): Schema {
  const { type, innerType } = schema._zod.def as unknown as Definition;
  if (innerType === undefined || !['default', 'prefault', 'optional'].includes(type)) return schema;
  return schema.description === undefined ? bare(innerType) : bare(innerType).describe(schema.description);
}

/** The fields of an object's schema. */
export function shapeOf(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema._zod.def as unknown as Definition).shape ?? {};
}
