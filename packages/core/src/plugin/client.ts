import type { PlanContext } from './framework.js';
import type { ClientSettings } from './launch-plan.js';

/**
 * InferenceX's load for requests of fixed lengths: ten prompts for each request in flight after two to warm it up, lengths
 * from 80 % of those of the job, a chat template with speculative decoding (acceptance is poor on prompts without one).
 * Source: client argv of all recorded recipes, InferenceX benchmarks/*.sh at 7ee5be7.
 */
export function fixedSeqLenClient(
  { job, concurrency, point, recipe }: PlanContext,
  settings: Partial<ClientSettings> = {},
): ClientSettings {
  return {
    api: 'completions',
    backend: 'vllm',
    model: job.model,
    numPrompts: concurrency * 10,
    numWarmups: concurrency * 2,
    rangeRatio: 0.8,
    ignoreEos: true,
    chatTemplate: recipe?.chatTemplate ?? (point !== undefined && point.spec !== 'none'),
    promptForm: 'auto',
    ...settings,
  };
}
