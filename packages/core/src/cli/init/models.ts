import { SweeplineError } from '../../errors.js';

/** A model as a config entry names it. */
export interface Model {
  readonly model: string;
  /** The short name that recipes and sizes use for it. */
  readonly prefix: string;
  readonly precision: string;
  /** Number of devices that it is split over. */
  readonly tp: number;
  /** Location of its weights, for those in files. */
  readonly file?: string;
}

/** Models for which recipes use a name of their own. Source: configs/. */
const KNOWN = [
  { name: /deepseek-r1/i, prefix: 'dsr1', precision: 'fp8', tp: 8 },
  { name: /gpt-oss-120b/i, prefix: 'gptoss', precision: 'fp4', tp: 1 },
] as const;

/** Precision of weights by parts of names. The first match counts. */
const PRECISIONS: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/fp4/i, () => 'fp4'],
  [/fp8/i, () => 'fp8'],
  [/awq|gptq|w4a16|int4/i, () => 'int4'],
  [/w8a8|int8/i, () => 'int8'],
];
/** Types of GGUF files, as their names contain them: Q4_K_M, IQ3_S, F16. */
const GGUF_TYPES: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/(?<![a-z0-9])i?q([2-8])(?![0-9])/i, (bits) => `int${bits}`],
  [/(?<![a-z0-9])bf16(?![0-9])/i, () => 'bf16'],
  [/(?<![a-z0-9])f(16|32)(?![0-9])/i, (width) => `fp${width}`],
];
const SYNTHETIC = 'synthetic:';

/** A model by the id of its repository. */
export function modelOfId(id: string, precision: string | undefined): Model {
  const known = KNOWN.find(({ name }) => name.test(id));
  return {
    model: id,
    prefix: known?.prefix ?? plainName(id),
    precision: precision ?? named(id, PRECISIONS) ?? known?.precision ?? 'bf16',
    tp: known?.tp ?? 1,
  };
}

/** A model for llama.cpp: a GGUF file, by its absolute path, or a synthetic model. @throws {SweeplineError} USAGE */
export function modelOfFile(path: string, precision: string | undefined): Model {
  if (path.startsWith(SYNTHETIC))
    return { model: path, prefix: plainName(path), precision: precision ?? 'int4', tp: 1 };
  const name = (path.split('/').at(-1) ?? path).replace(/\.gguf$/i, '');
  const found = precision ?? named(name, GGUF_TYPES);
  if (found === undefined) {
    throw new SweeplineError('USAGE', `the name of ${path} doesn't contain the type of its weights`, {
      hint: 'Set it with --precision, such as int4 for Q4_K_M.',
    });
  }
  return { model: name, prefix: plainName(name), precision: found, tp: 1, file: path };
}

export function isSynthetic(model: string): boolean {
  return model.startsWith(SYNTHETIC);
}

function named(
  text: string,
  rules: readonly (readonly [RegExp, (found: string) => string])[],
): string | undefined {
  for (const [pattern, precision] of rules) {
    const found = pattern.exec(text);
    if (found !== null) return precision(found[1] ?? '');
  }
  return undefined;
}

/** The last part of an id or a path, in lower case with hyphens. */
function plainName(text: string): string {
  const last = text.split('/').filter(Boolean).at(-1) ?? text;
  const plain = last
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return plain === '' ? 'model' : plain;
}
