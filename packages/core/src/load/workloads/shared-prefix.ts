import { z } from 'zod';
import { SweeplineError } from '../../errors.js';
import type { BlockPrompt } from '../prompts/block.js';
import { blockPrompts } from '../prompts/block-prompts.js';
import { bustCache } from '../prompts/mark.js';
import { drawLength, shuffle } from '../prompts/draw.js';
import { Mt19937 } from '../prompts/mt19937.js';
import { positiveInteger, type Flags } from '../spec/flags.js';
import { form, length, positive, prefixOf, prefixProblem, rangeRatio, seed, vocabulary } from './fields.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  kind: z.literal('shared-prefix'),
  form,
  prefixes: positive.describe(
    'Number of prefixes: each prompt begins with one of them, all about equally often and in random order.',
  ),
  prefixLen: length.describe('Tokens of a prefix.'),
  /** Length of the part after the prefix, which is unique to each prompt. */
  suffixLen: length,
  outputLen: length,
  /** Applies to suffixes and outputs. */
  rangeRatio,
  seed,
  vocabulary,
  bustCache,
});

export type SharedPrefixPrompts = z.output<typeof schema>;

const flags = {
  numPrefixes: {
    takes: '<n>',
    help: 'shared-prefix: number of prefixes, each of --random-prefix-len tokens',
    parse: positiveInteger,
    default: 10,
  },
} satisfies Flags;

/**
 * Prompts in groups that share a prefix, like vLLM's `prefix_repetition` dataset (vllm/benchmarks/datasets.py). There all groups
 * have the same number of prompts, and the remainder of the division is not sent; here it is.
 */
export const sharedPrefix: Workload<typeof schema, typeof flags> = {
  name: 'shared-prefix',
  schema,
  bench: {
    flags,
    toSpec(options) {
      if (options.prefixLen === 0)
        throw new SweeplineError('USAGE', 'shared-prefix needs --random-prefix-len');
      return {
        kind: 'shared-prefix',
        form: options.form,
        prefixes: options.numPrefixes,
        prefixLen: options.prefixLen,
        suffixLen: options.inputLen,
        outputLen: options.outputLen,
        rangeRatio: options.rangeRatio,
        seed: options.seed,
        ...(options.bustCache !== undefined && { bustCache: options.bustCache }),
      };
    },
  },
  scenario: {
    fields: ['prefixes', 'prefixLen', 'rangeRatio', 'seed', 'bustCache'],
    needs: ['prefixes', 'prefixLen'],
    toSpec: (given, { isl, osl, form, rangeRatio, seed, vocabulary }) => ({
      kind: 'shared-prefix',
      form,
      rangeRatio,
      seed,
      ...(vocabulary !== undefined && { vocabulary }),
      ...(given as Pick<SharedPrefixPrompts, 'prefixes' | 'prefixLen'>),
      suffixLen: isl - prefixOf(given),
      outputLen: osl,
    }),
    problem: prefixProblem,
  },
  make(prompts, context) {
    const { numPrompts, numWarmups } = context.spec;
    const plan = {
      measured: measuredOf(prompts, numPrompts),
      warmups: warmupsOf(prompts, numWarmups, numPrompts),
    };
    return blockPrompts(plan, prompts, context);
  },
};

/** Keys from 0 on are prefixes, then suffixes, then warm-ups. */
function measuredOf(prompts: SharedPrefixPrompts, count: number): BlockPrompt[] {
  const random = new Mt19937(prompts.seed);
  const groups = Array.from({ length: count }, (_, i) => i % prompts.prefixes);
  shuffle(groups, random);
  const lengths = lengthsOf(prompts, random);
  return groups.map((group, i) => ({
    blocks: [
      { key: group, tokens: prompts.prefixLen },
      { key: prompts.prefixes + i, tokens: lengths.suffix() },
    ],
    outputLen: lengths.output(),
  }));
}

/** As long as the measured prompts, sharing nothing with them or one another. */
function warmupsOf(prompts: SharedPrefixPrompts, count: number, numPrompts: number): BlockPrompt[] {
  const lengths = lengthsOf(prompts, new Mt19937((prompts.seed ^ 0x9e3779b9) >>> 0));
  return Array.from({ length: count }, (_, i) => ({
    blocks: [{ key: prompts.prefixes + numPrompts + i, tokens: prompts.prefixLen + lengths.suffix() }],
    outputLen: lengths.output(),
  }));
}

function lengthsOf({ suffixLen, outputLen, rangeRatio: ratio }: SharedPrefixPrompts, random: Mt19937) {
  return {
    suffix: () => drawLength(suffixLen, ratio, random),
    output: () => drawLength(outputLen, ratio, random),
  };
}
