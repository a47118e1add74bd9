import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toJson, writeAtomic, z } from '@sweepline/core';

export const REPORT_FOLDER = 'sweep-report';

const part = z.object({ id: z.string(), part: z.string(), name: z.string(), runner: z.string() });

/** What has come of the plan, for those who report it. */
const collectedSchema = z.object({
  name: z.string().describe('Of the joined run.'),
  head: z.string(),
  base: z.string().optional(),
  hasRun: z.boolean(),
  expected: z.number().describe('Jobs of the matrix.'),
  isComplete: z.boolean().describe('Whether each point of the jobs that left something has ended.'),
  isFork: z.boolean().describe("Whether a fork's code has measured."),
  lost: z.array(part).describe('Those that have left no result.'),
  failedCanaries: z.array(z.object({ name: z.string(), runner: z.string(), rows: z.number() })),
  refused: z.array(z.string()).describe('Artifacts that are not read.'),
  later: z.array(z.string()).describe('Configs that wait for the next run.'),
  part: z.number(),
  isChained: z.boolean().describe('Whether there is a next run.'),
  reused: z.object({ run: z.string(), url: z.string(), digest: z.string() }).optional(),
});

export type CollectedFile = z.output<typeof collectedSchema>;
type Widened<T> = { readonly [K in keyof T]: T[K] extends (infer E)[] ? readonly E[] : T[K] };
export type Collected = Widened<CollectedFile>;

export async function writeCollected(root: string, collected: Collected): Promise<void> {
  await writeAtomic(join(root, REPORT_FOLDER, 'collected.json'), toJson(collected));
}

export async function readCollected(root: string): Promise<Collected> {
  return collectedSchema.parse(
    JSON.parse(await readFile(join(root, REPORT_FOLDER, 'collected.json'), 'utf8')),
  );
}
