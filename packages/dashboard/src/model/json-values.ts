import { object } from '@sweepline/store/json';

/** The members of JSON that others wrote; none if it is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Members that are text; a number or a flag is written as one. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(object(value)).flatMap(([name, member]) =>
    typeof member === 'string' || typeof member === 'number' || typeof member === 'boolean'
      ? [[name, String(member)] as const]
      : [],
  );
  return Object.fromEntries(entries);
}
