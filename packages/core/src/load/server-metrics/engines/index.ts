import { quantitySchema, type MetricNames } from '../quantities.js';
import { dynamo } from './dynamo.js';
import { llamacpp } from './llamacpp.js';
import { sglang } from './sglang.js';
import { trtllm } from './trtllm.js';
import { vllm } from './vllm.js';

/** An engine's own numbers come before those of a frontend. */
const ENGINES: readonly MetricNames[] = [vllm, sglang, trtllm, llamacpp, dynamo];

/** The given names first, then those of all known engines: prefixes distinguish engines. */
export function namesWith(given: MetricNames = {}): MetricNames {
  return Object.fromEntries(
    quantitySchema.options.map((quantity) => [
      quantity,
      [given, ...ENGINES].flatMap((names) => names[quantity] ?? []),
    ]),
  );
}
