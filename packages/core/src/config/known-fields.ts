import type { z } from 'zod';

/** The members of zod's definitions that lead to nested schemas. */
interface Definition {
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
}

/** The fields that a schema allows in the map at a path; if it has several forms, those of all of them. */
export function knownFields(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const { shape, element, valueType, innerType, in: input, options } = schema._zod.def as Definition;
  const wrapped = innerType ?? input;
  if (wrapped !== undefined) return knownFields(wrapped, path);
  if (options !== undefined) return [...new Set(options.flatMap((option) => knownFields(option, path)))];
  const [part, ...rest] = path;
  if (part === undefined) return Object.keys(shape ?? {});
  const inner = element ?? valueType ?? shape?.[String(part)];
  return inner === undefined ? [] : knownFields(inner, rest);
}
