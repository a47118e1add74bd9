import { z } from 'zod';
import type { Prompts } from '../prompts/prompt.js';
import { mooncake } from './mooncake.js';
import { multiTurn } from './multi-turn.js';
import { random } from './random.js';
import { sharegpt } from './sharegpt.js';
import { sharedPrefix } from './shared-prefix.js';
import type { Workload, WorkloadContext } from './workload.js';

/** All workloads, by the kind that specs give them. */
const WORKLOADS = { mooncake, 'multi-turn': multiTurn, random, sharegpt, 'shared-prefix': sharedPrefix };

/** A load spec's `prompts`. */
export const workloadSchema = z.discriminatedUnion('kind', [
  mooncake.schema,
  multiTurn.schema,
  random.schema,
  sharegpt.schema,
  sharedPrefix.schema,
]);

type WorkloadSpec = z.output<typeof workloadSchema>;

/** Makes the prompts of a spec. */
export function makePrompts(prompts: WorkloadSpec, context: WorkloadContext): Promise<Prompts> {
  const workload: Pick<Workload<z.ZodType<WorkloadSpec>>, 'make'> = WORKLOADS[prompts.kind];
  return workload.make(prompts, context);
}
