import type { RandomPrompts } from '../workloads/random-schema.js';
import type { WorkloadContext } from '../workloads/workload.js';
import type { BlockPrompt } from './block.js';
import { blockTextPrompts } from './block-prompts.js';
import type { Prompts } from './prompt.js';
import { measuredSample, otherSample, type RandomItem } from './random.js';

/** Random prompts made of words. */
export function textPrompts(
  prompts: RandomPrompts,
  context: WorkloadContext,
  notes: readonly string[],
): Promise<Prompts> {
  const { numPrompts, numWarmups } = context.spec;
  // A vocabulary of one id: only the lengths of the sample are used.
  const measured = measuredSample(prompts, numPrompts, 1);
  const warmups = otherSample(prompts, numWarmups, 1);
  const plan = {
    measured: measured.map((item, i) => promptOf(item, i + 1, prompts.prefixLen)),
    warmups: warmups.map((item, i) => promptOf(item, numPrompts + i + 1, 0)),
  };
  return blockTextPrompts(plan, prompts, context, notes);
}

/** Key 0 is the shared prefix. */
function promptOf({ inputLen, outputLen }: RandomItem, key: number, prefixLen = 0): BlockPrompt {
  const own = { key, tokens: inputLen };
  return { blocks: prefixLen > 0 ? [{ key: 0, tokens: prefixLen }, own] : [own], outputLen };
}
