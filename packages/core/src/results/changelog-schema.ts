import { z } from 'zod';

const text = z.string();

const startedEntrySchema = z.object({
  'config-keys': z.array(text).describe('Keys of the config entries that it names; patterns are resolved.'),
  description: z.array(text).describe('What has changed.'),
  'pr-link': text.optional().describe('Link to the pull request.'),
  'evals-only': z.boolean().describe('Whether it asks for evals, and for no benchmark.'),
});

/** The entries of a changelog that a run was started for. */
export const startedForSchema = z.object({
  baseRef: text.describe('Commit after which the entries were added.'),
  headRef: text.describe('Commit that has them.'),
  entries: z.array(startedEntrySchema).describe('The entries that were added, in their order.'),
});

export type StartedFor = z.output<typeof startedForSchema>;
