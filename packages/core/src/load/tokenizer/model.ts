/** What turns a piece of text that pre-tokenizers leave whole into ids. */
export interface Model {
  readonly vocabulary: ReadonlyMap<string, number>;
  encode(piece: string): readonly number[];
}

/** The vocabulary as a model's JSON has it. */
export function vocabularyOf(vocab: unknown): Map<string, number> {
  return new Map(Object.entries((vocab ?? {}) as Readonly<Record<string, number>>));
}
