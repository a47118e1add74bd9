import { z } from 'zod';
import { bustCache } from '../prompts/mark.js';
import { tokens, type Flags } from '../spec/flags.js';
import { columnFields, columnFlags, columnsOf, jobOutput, rowFacts, rowPrompts } from './columns.js';
import { readJsonLines } from './rows.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  kind: z.literal('custom'),
  path: z.string().min(1).describe('File with the prompts: JSON lines.'),
  ...columnFields,
  bustCache,
});

export type CustomPrompts = z.output<typeof schema>;

const flags = {
  ...columnFlags,
  customOutputLen: {
    takes: '<tokens>',
    help: 'custom: output tokens of all prompts, whatever the file says',
    parse: tokens,
    only: true,
  },
} satisfies Flags;

/** Custom prompts in the format of vLLM's client (`CustomDataset` in vllm/benchmarks/datasets), in the order of the file. */
export const custom: Workload<typeof schema, typeof flags> = {
  name: 'custom',
  schema,
  isRepeated: true,
  isText: true,
  facts: (prompts, count) => rowFacts(readJsonLines(prompts.path), prompts, count),
  bench: {
    flags,
    toSpec: (options) => ({
      kind: 'custom',
      path: options.path(),
      ...columnsOf(options, options.customOutputLen),
      ...(options.bustCache !== undefined && { bustCache: options.bustCache }),
    }),
  },
  scenario: {
    fields: ['path', 'promptColumn', 'outputColumn', 'outputLen', 'bustCache'],
    needs: ['path'],
    files: ['path'],
    toSpec: (given, job) => ({
      kind: 'custom',
      ...jobOutput(given, job),
      ...(given as Pick<CustomPrompts, 'path'>),
    }),
  },
  make: (prompts, context) => rowPrompts(readJsonLines(prompts.path), prompts, context),
};
