/** Turns text to token ids and back, as the model's own tokenizer does. */
export interface Tokenizer {
  /** Ids that text is made of: [0, vocabSize); added special tokens are not among them (`tokenizer.vocab_size` of transformers). */
  readonly vocabSize: number;
  /** Without special tokens. */
  encode(text: string): readonly number[];
  decode(ids: readonly number[]): string;
}
