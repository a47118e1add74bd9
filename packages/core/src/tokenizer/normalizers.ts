import { z } from 'zod';
import { replaceSchema, replacer } from './replace.js';
import { checked, unsupported, type Component } from './tokenizer-json.js';

/** Changes text before it is split. Sources: the files of tokenizers/src/normalizers. */
export type Normalize = (text: string) => string;

const sequence = z.object({ normalizers: z.array(z.looseObject({ type: z.string() })) });
const prepend = z.object({ prepend: z.string() });
const strip = z.object({ strip_left: z.boolean(), strip_right: z.boolean() });

/** @throws {SweeplineError} TOKENIZER_INVALID for an unknown kind. */
export function normalizer(component: Component): Normalize {
  switch (component.type) {
    case 'Sequence': {
      const steps = part(component, sequence).normalizers.map(normalizer);
      return (text) => steps.reduce((changed, step) => step(changed), text);
    }
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const { type } = component;
      return (text) => text.normalize(type);
    }
    case 'Lowercase':
      return lowercase;
    case 'Prepend': {
      const { prepend: before } = part(component, prepend);
      return (text) => (text === '' ? text : before + text);
    }
    case 'Replace':
      return replacer(part(component, replaceSchema));
    case 'Strip':
      return stripped(part(component, strip));
    case 'StripAccents':
      return (text) => text.replace(/\p{M}+/gu, '');
    default:
      throw unsupported(
        'normalizer',
        component.type,
        'Those of byte-level, SentencePiece and word-level models are supported',
      );
  }
}

/** Character by character: on a whole text, toLowerCase turns a sigma at the end of a word into another character. */
function lowercase(text: string): string {
  return text.replace(/\p{Changes_When_Lowercased}/gu, (char) => char.toLowerCase());
}

/** `trim` has a different definition of white space. */
function stripped({ strip_left: left, strip_right: right }: z.output<typeof strip>): Normalize {
  return (text) => {
    const rest = left ? text.replace(/^\p{White_Space}+/u, '') : text;
    return right ? rest.replace(/(?<!\p{White_Space})\p{White_Space}+$/u, '') : rest;
  };
}

function part<S extends z.ZodType>(component: Component, schema: S): z.output<S> {
  return checked(component, schema, { key: 'normalizer' });
}
