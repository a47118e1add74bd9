import { SweeplineError } from '../errors.js';
import { MergeTable } from './merge-table.js';
import { MinHeap } from './min-heap.js';
import { vocabularyOf, type Model } from './model.js';
import { unsupported, type ModelJson } from './tokenizer-json.js';

/** Queue entries are rank × this + position. */
const POSITIONS = 2 ** 30;
const GONE = -1;

/**
 * Byte-pair encoding with the same order of merges, ties and unknown characters as Hugging Face's tokenizers
 * (tokenizers/src/models/bpe/{model,word}.rs).
 */
export class Bpe implements Model {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly merges: MergeTable;
  private readonly takesWhole: boolean;
  private readonly fallsBackToBytes: boolean;
  private readonly unknown: number | undefined;
  private readonly fusesUnknown: boolean;

  constructor(model: ModelJson) {
    refuse(model);
    this.vocabulary = vocabularyOf(model.vocab);
    this.merges = mergesOf(model.merges, this.vocabulary);
    const { unk_token: unknown } = model;
    this.unknown = typeof unknown === 'string' ? this.vocabulary.get(unknown) : undefined;
    this.takesWhole = model['ignore_merges'] === true;
    this.fallsBackToBytes = model['byte_fallback'] === true;
    this.fusesUnknown = model['fuse_unk'] === true;
  }

  /**
   * Pieces can be split before runs of `char` without a change of ids, except after the returned characters: tokens contain these directly
   * before `char`, so a merge could cross the split. Undefined: pieces can't be split, because two unknown characters around a split could
   * become one token, or because a piece that is itself a token is taken whole.
   */
  charactersBefore(char: string): ReadonlySet<string> | undefined {
    if (this.takesWhole || (this.unknown !== undefined && !this.fallsBackToBytes)) return undefined;
    const before = new Set<string>();
    const within = new RegExp(`[^${char}](?=${char})`, 'gu');
    for (const token of this.vocabulary.keys()) {
      if (!token.includes(char, 1)) continue;
      for (const [other] of token.matchAll(within)) before.add(other);
    }
    return before;
  }

  encode(piece: string): readonly number[] {
    const whole = this.takesWhole ? this.vocabulary.get(piece) : undefined;
    return whole === undefined ? this.merge(this.symbols(piece)) : [whole];
  }

  private symbols(piece: string): number[] {
    const ids: number[] = [];
    let wasUnknown = false;
    for (const char of piece) {
      const id = this.vocabulary.get(char);
      const known = id === undefined ? this.bytesOf(char) : [id];
      if (known !== undefined) ids.push(...known);
      else if (this.unknown !== undefined && !(wasUnknown && this.fusesUnknown)) ids.push(this.unknown);
      wasUnknown = known === undefined;
    }
    return ids;
  }

  private bytesOf(char: string): number[] | undefined {
    if (!this.fallsBackToBytes) return undefined;
    const ids = [...Buffer.from(char)].map((byte) =>
      this.vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
    );
    return ids.every((id) => id !== undefined) ? ids : undefined;
  }

  /** Merges neighbours, lowest rank first; of equal ranks the leftmost. */
  private merge(symbols: number[]): number[] {
    const { merges } = this;
    const { length } = symbols;
    const next = Int32Array.from(symbols, (_, i) => i + 1);
    const previous = Int32Array.from(symbols, (_, i) => i - 1);
    const queue = new MinHeap();
    const offer = (at: number): void => {
      const right = next[at] ?? length;
      if (right >= length) return;
      const rank = merges.rankOf(symbols[at]!, symbols[right]!);
      if (rank >= 0) queue.push(rank * POSITIONS + at);
    };
    for (let at = 0; at + 1 < length; at++) offer(at);
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      const rank = Math.floor(entry / POSITIONS);
      const at = entry - rank * POSITIONS;
      const right = next[at]!;
      if (symbols[at] === GONE || right >= length) continue;
      // Another pair may be there by now; it is merged if the result is the same token.
      const now = merges.rankOf(symbols[at]!, symbols[right]!);
      const product = merges.productOf(rank);
      if (now < 0 || merges.productOf(now) !== product) continue;
      symbols[at] = product;
      symbols[right] = GONE;
      const after = next[right]!;
      next[at] = after;
      if (after < length) previous[after] = at;
      if (previous[at]! >= 0) offer(previous[at]!);
      offer(at);
    }
    return symbols.filter((id) => id !== GONE);
  }
}

function refuse(model: ModelJson): void {
  const { dropout, continuing_subword_prefix: prefix, end_of_word_suffix: suffix } = model;
  if (typeof dropout === 'number' && dropout > 0) {
    throw unsupported('model.dropout', 'dropout', 'With it, the same text gets different tokens each time');
  }
  if ((prefix ?? '') !== '' || (suffix ?? '') !== '') {
    throw unsupported(
      'model',
      'a BPE model with markers for the inside or the end of words',
      'Byte-level and SentencePiece models are supported',
    );
  }
}

/** Merges are pairs, or in older files texts of two words. */
function mergesOf(list: unknown, vocabulary: ReadonlyMap<string, number>): MergeTable {
  if (!Array.isArray(list)) {
    throw new SweeplineError('TOKENIZER_INVALID', 'the list of merges is missing', {
      where: { key: 'model.merges' },
    });
  }
  const merges = list as readonly (string | readonly string[])[];
  const table = new MergeTable(merges.length);
  merges.forEach((merge, rank) => {
    const [left = '', right = ''] = typeof merge === 'string' ? merge.split(' ') : merge;
    const ids = [vocabulary.get(left), vocabulary.get(right), vocabulary.get(left + right)] as const;
    if (ids[0] === undefined || ids[1] === undefined || ids[2] === undefined) {
      throw new SweeplineError(
        'TOKENIZER_INVALID',
        `merge ${rank} uses tokens that the vocabulary doesn't have`,
        {
          where: { key: `model.merges.${rank}` },
        },
      );
    }
    table.set(ids[0], ids[1], rank, ids[2]);
  });
  return table;
}
