/** Dimensions of a llama-architecture model. */
export interface ModelShape {
  readonly layers: number;
  /** Width of the residual stream. */
  readonly embedding: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** Width of the SwiGLU feed-forward layer. */
  readonly feedForward: number;
}

/**
 * The synthetic models by name. Every width is a multiple of 32, the length of a Q4_0 block. The larger ones are wide and shallow: the
 * requests of a batch share large matrices, as in still larger models. Deep and narrow models of the same size spend their time between
 * matrices, and would gain nothing from batching.
 */
export const SYNTHETIC_SHAPES = {
  /** 0.8 M parameters, 0.5 MB: loads in milliseconds. For tests. */
  tiny: { layers: 2, embedding: 128, heads: 4, kvHeads: 2, feedForward: 256 },
  /** 17 M parameters, 10 MB. */
  '17m': { layers: 2, embedding: 768, heads: 6, kvHeads: 2, feedForward: 2304 },
  /** 60 M parameters, 34 MB. */
  '60m': { layers: 2, embedding: 1536, heads: 12, kvHeads: 2, feedForward: 4608 },
} as const satisfies Record<string, ModelShape>;

export type SyntheticSize = keyof typeof SYNTHETIC_SHAPES;

/** Tokens in the vocabulary of every synthetic model. */
export const VOCABULARY_SIZE = 2048;

/** Context length in tokens that a synthetic model declares as its training length. */
export const TRAIN_CONTEXT = 16_384;

const SCHEME = 'synthetic:';

export function isSynthetic(model: string): boolean {
  return model.startsWith(SCHEME);
}

/** The size in `synthetic:SIZE`. @throws {RangeError} with the valid sizes, for an unknown name. */
export function syntheticSize(model: string): SyntheticSize {
  const name = model.slice(SCHEME.length);
  if (isSynthetic(model) && Object.hasOwn(SYNTHETIC_SHAPES, name)) return name as SyntheticSize;
  const known = Object.keys(SYNTHETIC_SHAPES).map((size) => SCHEME + size);
  throw new RangeError(`no synthetic model "${model}"; there are ${known.join(', ')}`);
}
