import type { WorkloadContext } from '../workloads/workload.js';
import { KEYS, tokensOf, type BlockOptions, type BlockPlan, type BlockPrompt } from './block.js';
import { blockRuns } from './block-ids.js';
import { blockTexts } from './block-texts.js';
import { settleForm, withRefusal } from './form.js';
import { packItems } from './id-items.js';
import { IdRuns } from './id-runs.js';
import type { Prompts } from './prompt.js';
import type { IdRunSet } from './id-items.js';
import { PROBE_LENGTH, idPrompt } from './token-ids.js';

/** Makes the prompts of a plan: from token ids if the endpoint accepts them, otherwise from words. */
export async function blockPrompts(
  plan: BlockPlan,
  options: BlockOptions,
  context: WorkloadContext,
): Promise<Prompts> {
  const form = await settleForm(options, context, (vocabulary) => {
    const runs = blockRuns([{ key: KEYS, tokens: PROBE_LENGTH }], 0, { seed: options.seed }, vocabulary);
    return idPrompt({ runs, outputLen: 1 }, new IdRuns(vocabulary));
  });
  if (form.kind === 'text')
    return withRefusal(await blockTextPrompts(plan, options, context, form.notes), form);
  const { vocabulary, notes } = form;
  const setOf = (prompts: readonly BlockPrompt[], first: number): IdRunSet => ({
    kind: 'id-runs',
    vocabulary,
    items: packItems(
      prompts.map(({ blocks, outputLen }, i) => ({
        runs: blockRuns(blocks, first + i, options, vocabulary),
        outputLen,
      })),
    ),
  });
  const prompts: Prompts = {
    facts: { form: 'token-ids', vocabulary, notes },
    measured: setOf(plan.measured, 0),
    warmups: setOf(plan.warmups, plan.measured.length),
  };
  return withRefusal(prompts, form);
}

/** Makes the prompts of a plan from words. */
export async function blockTextPrompts(
  plan: BlockPlan,
  options: BlockOptions,
  context: WorkloadContext,
  notes: readonly string[],
): Promise<Prompts> {
  const texts = await blockTexts(longestOf(plan), options, context);
  return {
    facts: { form: 'text', notes: [...notes, ...texts.notes] },
    measured: { kind: 'stored', store: texts.store(plan.measured, 0) },
    warmups: { kind: 'stored', store: texts.store(plan.warmups, plan.measured.length) },
  };
}

function longestOf({ measured, warmups }: BlockPlan): number {
  return [...measured, ...warmups].reduce((most, { blocks }) => Math.max(most, tokensOf(blocks)), 1);
}
