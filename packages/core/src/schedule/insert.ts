/** Puts something into an ordered list, after all that come before it. */
export function insert<T>(list: T[], one: T, isBefore: (other: T) => boolean): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, one);
}
