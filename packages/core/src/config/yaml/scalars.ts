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

/** Whole numbers that YAML 1.1 and 1.2 read alike; digits may be grouped, as in 2_063_837. */
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

/** Maps that allow only text keys. */
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
 * The YAML types of configs. Where YAML 1.1, which InferenceX's Python reads, and YAML 1.2 differ (`yes`, `010`, `1e3`), a plain
 * scalar is text, so a flag or number field refuses it instead of misreading it.
 */
export const SCHEMA = FAILSAFE_SCHEMA.withTags(
  strictMapTag,
  nullCoreTag,
  boolCoreTag,
  wholeTag,
  fractionTag,
  mergeTag,
);

/** The same for text that is known to have invalid keys. */
export const LENIENT_SCHEMA = SCHEMA.withTags(mapTag);

/** The plain words that are not text, as in YAML 1.2. */
const WORD = /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE)$/;

/** Whether an unquoted key is text. */
export function isTextKey(source: string): boolean {
  return !WORD.test(source) && !WHOLE.test(source) && !FRACTION.test(source);
}
