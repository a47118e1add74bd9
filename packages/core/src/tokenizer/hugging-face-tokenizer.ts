import { AddedTokens } from './added-tokens.js';
import { Bpe } from './bpe.js';
import { toByteChars } from './byte-level.js';
import { ChatTemplate } from './chat-template.js';
import { decoder } from './decoders.js';
import type { Model } from './model.js';
import { normalizer, type Normalize } from './normalizers.js';
import { PieceCache } from './piece-cache.js';
import { preTokenizer } from './pre-tokenizer.js';
import { splitBy, type Split } from './splits.js';
import { TokenBytes } from './token-bytes.js';
import { unsupported, type AddedToken, type ModelJson, type TokenizerJson } from './tokenizer-json.js';
import type { ChatMessage, Tokenizer, TokenizerOrigin } from './tokenizer.js';
import { WordLevel } from './word-level.js';

/** SentencePiece's character for a space. */
const META = '▁';

/**
 * A tokenizer that a `tokenizer.json` describes. Ids and texts are those of Hugging Face's tokenizers in Python; this is the part that
 * language models need. Encoding is several times as fast, because repeated pieces of text are cached. Two things can differ: recent
 * characters, if the Unicode tables in Node are newer, and decoded texts of Llama 3 from transformers before 5.7, which removed spaces
 * before punctuation (`clean_up_tokenization_spaces`).
 */
export class HuggingFaceTokenizer implements Tokenizer {
  readonly vocabSize: number;
  private readonly normalize: Normalize | undefined;
  private readonly unnormalized: AddedTokens;
  private readonly normalized: AddedTokens;
  private readonly splits: readonly Split[];
  private readonly pieces: PieceCache;
  private readonly textOf: (ids: readonly number[]) => string;

  constructor(
    json: TokenizerJson,
    readonly origin: TokenizerOrigin,
    private readonly chat: ChatTemplate,
  ) {
    const model = modelOf(json.model);
    this.vocabSize = model.vocabulary.size;
    this.normalize =
      json.normalizer === null || json.normalizer === undefined ? undefined : normalizer(json.normalizer);
    const added = json.added_tokens.map((token) =>
      token.normalized ? { ...token, content: this.normalize?.(token.content) ?? token.content } : token,
    );
    this.unnormalized = new AddedTokens(added.filter(({ normalized }) => !normalized));
    this.normalized = new AddedTokens(added.filter(({ normalized }) => normalized));
    const { splits, isByteLevel } = preTokenizer(json.pre_tokenizer);
    const before = !isByteLevel && model instanceof Bpe ? model.charactersBefore(META) : undefined;
    this.splits = before === undefined ? splits : [...splits, splitBeforeSpaces(before)];
    this.pieces = new PieceCache((piece) => model.encode(isByteLevel ? toByteChars(piece) : piece));
    this.textOf = textMaker(added, json.decoder, model);
  }

  encode(text: string): readonly number[] {
    const ids: number[] = [];
    let isFirst = true;
    for (const section of this.unnormalized.sections(text)) {
      if ('id' in section) ids.push(section.id);
      else this.encodeSection(section.text, isFirst, ids);
      isFirst = false;
    }
    return ids;
  }

  decode(ids: readonly number[]): string {
    return this.textOf(ids);
  }

  applyChatTemplate(messages: readonly ChatMessage[]): string {
    return this.chat.apply(messages);
  }

  private encodeSection(text: string, isFirst: boolean, ids: number[]): void {
    let begins = isFirst;
    for (const section of this.normalized.sections(this.normalize?.(text) ?? text)) {
      if ('id' in section) ids.push(section.id);
      else this.encodePieces(section.text, begins, ids);
      begins = false;
    }
  }

  private encodePieces(text: string, isFirst: boolean, ids: number[]): void {
    let pieces: readonly string[] = [text];
    for (const split of this.splits) {
      const parts: string[] = [];
      let begins = isFirst;
      for (const piece of pieces) {
        for (const part of split(piece, begins)) parts.push(part);
        begins = false;
      }
      pieces = parts;
    }
    for (const piece of pieces) this.pieces.addTo(ids, piece);
  }
}

/**
 * Splits into the shortest pieces, most of which are in the cache: words with the spaces before them, and after some characters also the
 * spaces that follow.
 */
function splitBeforeSpaces(before: ReadonlySet<string>): Split {
  const kept = [...before].map((char) => `\\u{${char.codePointAt(0)?.toString(16)}}`).join('');
  const rest = kept === '' ? `[^${META}]+` : `(?:[^${META}${kept}]|[${kept}]${META}*)+`;
  return splitBy(new RegExp(`${META}*${rest}|${META}+`, 'gu'), 'Isolated');
}

function modelOf(model: ModelJson): Model {
  const type = model.type ?? (model.merges === undefined ? 'WordLevel' : 'BPE');
  if (type === 'BPE') return new Bpe(model);
  if (type === 'WordLevel') return new WordLevel(model);
  throw unsupported('model.type', `a model of type ${type}`, 'BPE and WordLevel are supported');
}

/** Added tokens take precedence over tokens of the model with the same id; ids without a token are left out. */
function textMaker(
  added: readonly AddedToken[],
  component: TokenizerJson['decoder'],
  { vocabulary }: Model,
): (ids: readonly number[]) => string {
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of vocabulary) tokens[id] = token;
  for (const { id, content } of added) tokens[id] = content;
  if (component?.type === 'ByteLevel') {
    const bytes = new TokenBytes(tokens);
    return (ids) => bytes.text(ids);
  }
  const decode = component === null || component === undefined ? undefined : decoder(component);
  return (ids) => {
    const known: string[] = [];
    for (const id of ids) {
      const token = tokens[id];
      if (token !== undefined) known.push(token);
    }
    return decode === undefined ? known.join(' ') : decode(known).join('');
  };
}
