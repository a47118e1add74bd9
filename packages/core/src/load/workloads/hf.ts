import { z } from 'zod';
import { bustCache } from '../prompts/mark.js';
import { tokens, type Flags } from '../spec/flags.js';
import {
  columnFields,
  columnFlags,
  columnsOf,
  jobOutput,
  rowFacts,
  rowPrompts,
  wantedOf,
} from './columns.js';
import { dataFiles } from './hf-files.js';
import { readRows, type Row } from './rows.js';
import type { Workload } from './workload.js';

const schema = z.strictObject({
  kind: z.literal('hf'),
  path: z.string().min(1).describe('File with the data set: .parquet, .json or .jsonl.'),
  /** The other files of a data set with several files, in order. */
  moreFiles: z.array(z.string().min(1)).optional(),
  ...columnFields,
  bustCache,
});

export type HfPrompts = z.output<typeof schema>;

const flags = {
  ...columnFlags,
  hfSubset: { takes: '<name>', help: 'hf: subset of the data set', only: true, parse: String },
  hfSplit: { takes: '<name>', help: 'hf: split of the data set, such as train', only: true, parse: String },
  hfOutputLen: {
    takes: '<tokens>',
    help: 'hf: output tokens of all prompts, whatever the data set says',
    parse: tokens,
    only: true,
  },
} satisfies Flags;

/**
 * Prompts from a column of a Hugging Face data set, in its order: from a file, a folder, or the Hugging Face cache. Nothing is
 * downloaded.
 */
export const hf: Workload<typeof schema, typeof flags> = {
  name: 'hf',
  schema,
  isRepeated: true,
  isText: true,
  facts: (prompts, count) => rowFacts(rowsOf(prompts), prompts, count),
  bench: {
    flags,
    toSpec: (options) => ({
      kind: 'hf',
      path: options.path(true),
      ...columnsOf(options, options.hfOutputLen),
      ...(options.bustCache !== undefined && { bustCache: options.bustCache }),
    }),
    async locate(prompts, { hfSubset, hfSplit }, env) {
      const [path, ...moreFiles] = await dataFiles(
        prompts.path,
        {
          ...(hfSubset !== undefined && { subset: hfSubset }),
          ...(hfSplit !== undefined && { split: hfSplit }),
        },
        env,
      );
      return { ...prompts, path, ...(moreFiles.length > 0 && { moreFiles }) };
    },
  },
  scenario: {
    fields: ['path', 'promptColumn', 'outputColumn', 'outputLen', 'bustCache'],
    needs: ['path'],
    files: ['path'],
    toSpec: (given, job) => ({ kind: 'hf', ...jobOutput(given, job), ...(given as Pick<HfPrompts, 'path'>) }),
  },
  make: (prompts, context) => rowPrompts(rowsOf(prompts), prompts, context),
};

async function* rowsOf(prompts: HfPrompts): AsyncGenerator<Row> {
  const { path, moreFiles = [] } = prompts;
  for (const file of [path, ...moreFiles]) yield* readRows(file, wantedOf(prompts));
}
