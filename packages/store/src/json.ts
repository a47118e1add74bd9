/** Reading JSON that may be anything: what is not of the kind that is asked for is missing. */
export type Json = Readonly<Record<string, unknown>>;

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Empty if it is none. */
export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** Its objects. */
export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}

/** Without what is undefined, so that it doesn't take the place of what is known. */
export function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Undefined if it isn't JSON. */
export function parsed(content: string | undefined): unknown {
  try {
    return content === undefined ? undefined : (JSON.parse(content) as unknown);
  } catch {
    return undefined;
  }
}
