/** Items as the names are ordered; those of other names come last, in their order. */
export function inOrderOf<T extends { readonly name: string }>(
  names: readonly string[],
  items: readonly T[],
): readonly T[] {
  const position = new Map(names.map((name, index) => [name, index]));
  const at = ({ name }: T): number => position.get(name) ?? names.length;
  return items.toSorted((one, other) => at(one) - at(other));
}
