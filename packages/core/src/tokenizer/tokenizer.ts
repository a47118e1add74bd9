/** Turns text to token ids and back, as the model's own tokenizer does. */
export interface Tokenizer {
  /** Ids that text is made of: [0, vocabSize); added special tokens are not among them (`tokenizer.vocab_size` of transformers). */
  readonly vocabSize: number;
  /** Where it was loaded from; absent for one that is made by a program. */
  readonly origin?: TokenizerOrigin;
  /** Without special tokens. */
  encode(text: string): readonly number[];
  /** Special tokens among the ids are kept. */
  decode(ids: readonly number[]): string;
  /**
   * The messages as the model reads them, up to where its answer begins.
   * @throws {SweeplineError} TOKENIZER_INVALID without a chat template, or when it doesn't take these messages.
   */
  applyChatTemplate?(messages: readonly ChatMessage[]): string;
}

export interface TokenizerOrigin {
  /** Absolute path of its `tokenizer.json`: other threads load the same from there. */
  readonly file: string;
  /** SHA-256 of all that it is made from, hex. */
  readonly digest: string;
}

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}
