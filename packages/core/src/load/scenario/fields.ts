import type { z } from 'zod';

/** `maxTokens`, as load specs name a field, is `max-tokens` in configs. */
export function configName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Fields as load specs name them, from those of a config: in maps within them, too. */
export function specFields(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? specFields(inner) : inner,
    ]),
  );
}

type Schema = z.ZodType;
/** The parts of zod's definitions that lead to what is inside a schema. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
}

/**
 * A schema of a load spec for configs: the same, with their names of fields. What a schema checks of fields that have another name
 * here is left to the spec's own.
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

/** Without a default: what is left out is filled in where specs are made. */
export function bare(schema: Schema): Schema {
  const { type, innerType } = schema._zod.def as unknown as Definition;
  if (innerType === undefined || !['default', 'prefault', 'optional'].includes(type)) return schema;
  return schema.description === undefined ? bare(innerType) : bare(innerType).describe(schema.description);
}

/** The fields of an object's schema. */
export function shapeOf(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema._zod.def as unknown as Definition).shape ?? {};
}
