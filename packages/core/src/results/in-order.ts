import type { Result } from './schema.js';

/** Results as the points of their run are ordered; those of other points come last, in their order. */
export function inOrderOf(names: readonly string[], results: readonly Result[]): readonly Result[] {
  const position = new Map(names.map((name, index) => [name, index]));
  const at = ({ name }: Result): number => position.get(name) ?? names.length;
  return results.toSorted((one, other) => at(one) - at(other));
}
