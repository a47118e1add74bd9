import {
  boolCoreTag,
  defineMappingTag,
  defineScalarTag,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  intCoreTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  nullCoreTag,
} from 'js-yaml';

/** Whole numbers as YAML 1.1 and 1.2 both read them; digits may be grouped, as in 2_063_837. */
const WHOLE = /^[-+]?(?:0|[1-9]\d*(?:_\d+)*)$/;
const FRACTION = /^[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]\d+)?$/;

const wholeTag = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: [...'-+0123456789'],
  resolve: (source) => (WHOLE.test(source) ? Number(source.replaceAll('_', '')) : NOT_RESOLVED),
  identify: (value) => intCoreTag.identify(value),
});

const fractionTag = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: [...'-+.0123456789'],
  resolve: (source) => (FRACTION.test(source) ? Number(source) : NOT_RESOLVED),
  identify: (value) => floatCoreTag.identify(value),
});

/** Maps by text keys alone. */
const strictMapTag = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  ...mapTag,
  addPair(map, key, value) {
    if (typeof key !== 'string') return 'keys have to be text';
    if (key === '__proto__') return 'the key __proto__ is not allowed';
    map[key] = value;
    return '';
  },
});

/**
 * What configs are made of. Where YAML 1.1, which InferenceX's Python reads, and YAML 1.2 differ (`yes`, `010`, `1e3`),
 * a plain scalar is text, so that a field that wants a flag or a number refuses it instead of reading something else.
 */
export const SCHEMA = FAILSAFE_SCHEMA.withTags(
  strictMapTag,
  nullCoreTag,
  boolCoreTag,
  wholeTag,
  fractionTag,
  mergeTag,
);

/** The same for text whose keys are known to be wrong. */
export const LENIENT_SCHEMA = SCHEMA.withTags(mapTag);

/** The words that are no text; those of YAML 1.2. */
const WORD = /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE)$/;

/** Whether a key that is written without quotes is text. */
export function isTextKey(source: string): boolean {
  return !WORD.test(source) && !WHOLE.test(source) && !FRACTION.test(source);
}
