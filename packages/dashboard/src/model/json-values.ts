export type JsonObject = Readonly<Record<string, unknown>>;

/** Parts of JSON that others wrote: what is of another type is missing. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Members that are text; a number or a flag is written as one. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(objectOf(value)).flatMap(([name, member]) =>
    typeof member === 'string' || typeof member === 'number' || typeof member === 'boolean'
      ? [[name, String(member)] as const]
      : [],
  );
  return Object.fromEntries(entries);
}
