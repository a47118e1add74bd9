import type { SweeplineError } from '../errors.js';
import { problemsOf } from './issues.js';
import { modelsSchema, type ModelsConfig } from './schema/models.js';
import type { Document } from './yaml/parse.js';

/** What the memory rule needs to know about a model. */
export interface ModelSize {
  /** GiB of weights by precision. */
  readonly weightsGiB: Readonly<Record<string, number>>;
  /** Bytes of KV cache per token, over all layers, at one byte per value. */
  readonly kvBytesPerToken?: number;
}

/** By `model-prefix`. */
export type ModelSizes = Readonly<Record<string, ModelSize>>;

export interface ReadModels {
  readonly models: ModelSizes;
  readonly problems: readonly SweeplineError[];
}

/** Checks a document as a models config. */
export function readModels({ value, at, problems }: Document): ReadModels {
  const parsed = modelsSchema.safeParse(value);
  if (!parsed.success) {
    const checked = { value, at, code: 'CONFIG_INVALID', schema: modelsSchema } as const;
    return { models: {}, problems: [...problems, ...problemsOf(parsed.error.issues, checked)] };
  }
  const models = Object.entries(parsed.data).map(([name, model]) => [name, sizeOf(model)] as const);
  return { models: Object.fromEntries(models), problems };
}

function sizeOf({ 'weights-gib': weightsGiB, 'kv-bytes-per-token': kv }: ModelsConfig[string]): ModelSize {
  return { weightsGiB, ...(kv === undefined ? {} : { kvBytesPerToken: kv }) };
}
