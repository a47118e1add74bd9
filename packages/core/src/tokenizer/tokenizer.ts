/** Turns text into token ids and back, like the model's own tokenizer. */
export interface Tokenizer {
  /** Ids for text: [0, vocabSize), without added special tokens (`tokenizer.vocab_size` of transformers). */
  readonly vocabSize: number;
  /** Where it was loaded from; absent if a program made it. */
  readonly origin?: TokenizerOrigin;
  /** Without special tokens. */
  encode(text: string): readonly number[];
  /** Keeps special tokens among the ids. */
  decode(ids: readonly number[]): string;
  /**
   * The messages as the model reads them, up to the beginning of its answer.
   * @throws {SweeplineError} TOKENIZER_INVALID without a chat template, or if it rejects these messages.
   */
  applyChatTemplate?(messages: readonly ChatMessage[]): string;
}

export interface TokenizerOrigin {
  /** Absolute path of its `tokenizer.json`: other threads load the same one from there. */
  readonly file: string;
  /** SHA-256 of all its files, in hex. */
  readonly digest: string;
}

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}
