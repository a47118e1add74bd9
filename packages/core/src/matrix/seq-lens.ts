import type { Dialect } from '../config/model.js';

/** Input and output tokens of a request. */
export type SeqLen = readonly [isl: number, osl: number];

/** Names of sequence lengths, used in `--seq-lens` and in experiment names. */
const SEQ_LENS: Readonly<Record<Dialect, Readonly<Record<string, SeqLen>>>> = {
  '2026-02': { '1k1k': [1024, 1024], '1k8k': [1024, 8192], '8k1k': [8192, 1024] },
  '2026-08': { '1k1k': [1024, 1024], '8k1k': [8192, 1024] },
};

export function seqLenNames(dialect: Dialect): readonly string[] {
  return Object.keys(SEQ_LENS[dialect]);
}

export function seqLenOf(name: string, dialect: Dialect): SeqLen | undefined {
  return Object.hasOwn(SEQ_LENS[dialect], name) ? SEQ_LENS[dialect][name] : undefined;
}

const NAMES: Readonly<Record<Dialect, ReadonlyMap<string, string>>> = {
  '2026-02': namesOf('2026-02'),
  '2026-08': namesOf('2026-08'),
};

function namesOf(dialect: Dialect): ReadonlyMap<string, string> {
  return new Map(Object.entries(SEQ_LENS[dialect]).map(([name, [isl, osl]]) => [`${isl}_${osl}`, name]));
}

/** Lengths in tokens, such as `32/64`. */
export function writtenSeqLen(text: string): SeqLen | undefined {
  const [, isl, osl] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  return isl === undefined || osl === undefined ? undefined : [Number(isl), Number(osl)];
}

/** `1k1k`, or `isl_osl` for lengths without a name. */
export function seqLenName(isl: number, osl: number, dialect: Dialect): string {
  const lengths = `${isl}_${osl}`;
  return NAMES[dialect].get(lengths) ?? lengths;
}

export function isSeqLen(
  [namedIsl, namedOsl]: SeqLen,
  isl: number | undefined,
  osl: number | undefined,
): boolean {
  return isl === namedIsl && osl === namedOsl;
}
