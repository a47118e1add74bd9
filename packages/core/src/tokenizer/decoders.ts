import { z } from 'zod';
import { bytesOfToken } from './byte-level.js';
import { replaceSchema, replacer } from './replace.js';
import { checked, unsupported, type Component } from './tokenizer-json.js';

/** Turns tokens into text, step by step. Sources: the files of tokenizers/src/decoders. */
export type Decode = (tokens: readonly string[]) => readonly string[];

const sequence = z.object({ decoders: z.array(z.looseObject({ type: z.string() })) });
const strip = z.object({ content: z.string(), start: z.number(), stop: z.number() });
const metaspace = z.object({
  replacement: z.string().default('▁'),
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  add_prefix_space: z.boolean().default(true),
});
const REPLACEMENT = '�';

/** @throws {SweeplineError} TOKENIZER_INVALID for an unknown kind. */
export function decoder(component: Component): Decode {
  switch (component.type) {
    case 'Sequence': {
      const steps = part(component, sequence).decoders.map(decoder);
      return (tokens) => steps.reduce((parts, step) => step(parts), tokens);
    }
    case 'ByteLevel':
      return (tokens) => [Buffer.concat(tokens.map(bytesOfToken)).toString()];
    case 'ByteFallback':
      return byteFallback;
    case 'Fuse':
      return (tokens) => [tokens.join('')];
    case 'Replace': {
      const replace = replacer(part(component, replaceSchema));
      return (tokens) => tokens.map(replace);
    }
    case 'Strip':
      return stripped(part(component, strip));
    case 'Metaspace':
      return metaspaces(part(component, metaspace));
    default:
      throw unsupported(
        'decoder',
        component.type,
        'Those of byte-level, SentencePiece and word-level models are supported',
      );
  }
}

/** Decodes runs of byte tokens. If a run is not valid UTF-8, each of its bytes becomes a replacement character. */
function byteFallback(tokens: readonly string[]): string[] {
  const parts: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length === 0) return;
    const run = Buffer.from(bytes);
    const text = run.toString();
    parts.push(...(Buffer.from(text).equals(run) ? [text] : bytes.map(() => REPLACEMENT)));
    bytes = [];
  };
  for (const token of tokens) {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
    if (byte !== undefined) {
      bytes.push(parseInt(byte, 16));
      continue;
    }
    flush();
    parts.push(token);
  }
  flush();
  return parts;
}

function stripped({ content, start, stop }: z.output<typeof strip>): Decode {
  return (tokens) =>
    tokens.map((token) => {
      let [begin, end] = [0, token.length];
      while (begin < start && token[begin] === content) begin++;
      while (token.length - end < stop && end > begin && token[end - 1] === content) end--;
      return token.slice(begin, end);
    });
}

function metaspaces({ replacement, prepend_scheme, add_prefix_space }: z.output<typeof metaspace>): Decode {
  const isPrefixed = prepend_scheme === undefined ? add_prefix_space : prepend_scheme !== 'never';
  return (tokens) =>
    tokens.map((token, i) => token.replaceAll(replacement, i === 0 && isPrefixed ? '' : ' '));
}

function part<S extends z.ZodType>(component: Component, schema: S): z.output<S> {
  return checked(component, schema, { key: 'decoder' });
}
