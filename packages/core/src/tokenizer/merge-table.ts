const NONE = -1;

/**
 * Which pairs of tokens merge, in what order, and into what. Each text needs hundreds of thousands of lookups: an open-addressed table of
 * integers is several times as fast as a Map, also to build.
 */
export class MergeTable {
  /** Per slot: left id, right id, rank. */
  private readonly slots: Int32Array;
  private readonly mask: number;
  /** Id that the merge of each rank produces. */
  private readonly products: Int32Array;

  constructor(count: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, count * 2)));
    this.slots = new Int32Array(size * 3).fill(NONE);
    this.mask = size - 1;
    this.products = new Int32Array(count);
  }

  /** If a pair occurs twice, the later rank counts. */
  set(left: number, right: number, rank: number, product: number): void {
    const at = this.find(left, right);
    this.slots[at] = left;
    this.slots[at + 1] = right;
    this.slots[at + 2] = rank;
    this.products[rank] = product;
  }

  /** Rank of the merge of a pair; lower ranks merge first. −1: it doesn't merge. */
  rankOf(left: number, right: number): number {
    return this.slots[this.find(left, right) + 2]!;
  }

  productOf(rank: number): number {
    return this.products[rank]!;
  }

  private find(left: number, right: number): number {
    const { slots, mask } = this;
    const hash = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const at = slot * 3;
      const there = slots[at]!;
      if (there === NONE || (there === left && slots[at + 1] === right)) return at;
      slot = (slot + 1) & mask;
    }
  }
}
