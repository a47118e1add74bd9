import { EVENT_ID, type Event } from 'js-yaml';

/**
 * How many values and keys a text stands for, counting those behind aliases at each use; found without expanding them. Counting
 * stops once it exceeds `limit`, as a value that contains itself is infinite.
 */
export function expandedSize(source: string, events: readonly Event[], limit: number): number {
  const anchors = new Map<string, number>();
  const open: { size: number; anchor: string }[] = [];
  let total = 0;
  const close = (anchor: string, size: number): void => {
    if (anchor !== '') anchors.set(anchor, size);
    const parent = open.at(-1);
    if (parent === undefined) total += size;
    else parent.size += size;
  };
  const sizeOf = (anchor: string): number =>
    open.some((outer) => outer.anchor === anchor) ? Infinity : (anchors.get(anchor) ?? 1);
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      const { size, anchor } = open.pop() ?? { size: 0, anchor: '' };
      close(anchor, size);
    } else if (event.type === EVENT_ID.DOCUMENT) {
      open.push({ size: 0, anchor: '' });
    } else {
      const anchor = source.slice(event.anchorStart, event.anchorEnd);
      if (event.type === EVENT_ID.ALIAS) close('', sizeOf(anchor));
      else if (event.type === EVENT_ID.SCALAR) close(anchor, 1);
      else open.push({ size: 1, anchor });
    }
    if (total + (open.at(-1)?.size ?? 0) > limit) return Infinity;
  }
  return total;
}
