import { SweeplineError } from '../../errors.js';
import { settleForm, withRefusal } from '../prompts/form.js';
import { textPrompts } from '../prompts/text-prompts.js';
import { tokenIdPrompts } from '../prompts/token-ids.js';
import { cachedRandomTexts } from '../prompts/tokenized-cache.js';
import type { Prompts } from '../prompts/prompt.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import { prefixOf, prefixProblem } from './fields.js';
import { randomSchema as schema, type RandomPrompts } from './random-schema.js';
import type { Flags } from '../spec/flags.js';
import type { Workload, WorkloadContext } from './workload.js';

const flags = {
  useChatTemplate: {
    help: 'random: prompts are in the chat template of the --tokenizer',
    only: true,
  },
} satisfies Flags;

/**
 * Random prompts. With a tokenizer they are the texts that InferenceX sends, unless ids are required. Without one they are arrays
 * of ids, or text whose length is corrected by the server's usage. Few prompts of a run share a beginning; the same seed gives
 * the same prompts in every run.
 * @throws {SweeplineError} WORKLOAD_INVALID for a chat template without a tokenizer's texts.
 */
export const random: Workload<typeof schema, typeof flags> = {
  name: 'random',
  schema,
  sharesNothing: true,
  sharedTokens: ({ prefixLen = 0 }) => prefixLen,
  inTemplate: ({ useChatTemplate }) => useChatTemplate,
  bench: {
    flags,
    toSpec: (options) => ({
      kind: 'random',
      form: options.form,
      inputLen: options.inputLen,
      outputLen: options.outputLen,
      rangeRatio: options.rangeRatio,
      ...(options.prefixLen > 0 && { prefixLen: options.prefixLen }),
      ...(options.useChatTemplate && { useChatTemplate: true }),
      seed: options.seed,
      ...(options.bustCache !== undefined && { bustCache: options.bustCache }),
    }),
  },
  scenario: {
    fields: ['prefixLen', 'rangeRatio', 'seed', 'bustCache'],
    // The prefix is part of the prompt's length, which the server has room for.
    toSpec: (given, { isl, osl, form, rangeRatio, seed, vocabulary, useChatTemplate }) => ({
      kind: 'random',
      form,
      rangeRatio,
      seed,
      ...(vocabulary !== undefined && { vocabulary }),
      ...(useChatTemplate && { useChatTemplate }),
      ...given,
      inputLen: isl - prefixOf(given),
      outputLen: osl,
    }),
    problem: prefixProblem,
  },
  async make(prompts, context) {
    const { spec, tokenizer } = context;
    if (tokenizer !== undefined && prompts.form !== 'token-ids') {
      return tokenizedPrompts(prompts, context, tokenizer);
    }
    if (prompts.useChatTemplate) throw withoutTemplate(tokenizer);
    const form = await settleForm(
      prompts,
      context,
      (vocabulary) => tokenIdPrompts(prompts, spec, vocabulary, []).probe,
    );
    const made =
      form.kind === 'text'
        ? await textPrompts(prompts, context, form.notes)
        : tokenIdPrompts(prompts, spec, form.vocabulary, form.notes).prompts;
    return withRefusal(made, form);
  },
};

async function tokenizedPrompts(
  prompts: RandomPrompts,
  { spec: { numPrompts, numWarmups }, promptCache, signal }: WorkloadContext,
  tokenizer: Tokenizer,
): Promise<Prompts> {
  const { useChatTemplate = false } = prompts;
  const options = { prompts, numPrompts, numWarmups, tokenizer, useChatTemplate, signal };
  const { measured, warmups } = await cachedRandomTexts(options, promptCache);
  return {
    facts: {
      form: 'text',
      vocabulary: prompts.vocabulary ?? { first: 0, end: tokenizer.vocabSize },
      notes: [],
    },
    measured: { kind: 'stored', store: measured },
    warmups: { kind: 'stored', store: warmups },
  };
}

function withoutTemplate(tokenizer: Tokenizer | undefined): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', 'a chat template needs texts made with a tokenizer', {
    where: { key: 'prompts.useChatTemplate' },
    hint:
      tokenizer === undefined
        ? "Give --tokenizer: the model's folder, its tokenizer.json, or its name in the Hugging Face cache"
        : 'Send prompts as text',
  });
}
