import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError, messageOf, toJson, writeAtomic, z } from '@sweepline/core';

export const PLAN_SCHEMA = 'sweepline.ci-plan/1';
export const PLAN_FOLDER = 'sweep-plan';
const PLAN_FILE = 'plan.json';

/** What GitHub takes as the label of a runner. */
const runner = z.string().regex(/^[\w.:-]{1,100}$/, 'it can be no label of a runner');
const conc = z.number().int().positive();

/** A job of the matrix, passed on as it is: `sweep --matrix` checks it. */
export const jobSchema = z.looseObject({
  runner,
  'model-prefix': z.string(),
  precision: z.string(),
  framework: z.string(),
  conc: z.union([conc, z.array(conc).min(1)]),
  'eval-only': z.boolean().optional(),
});
const job = jobSchema;
const id = z.string().regex(/^[a-z0-9-]{1,40}$/);
const config = z.strictObject({
  id,
  name: z.string().describe('For people.'),
  runner,
  canary: job.optional().describe('Its lowest concurrency; missing where an earlier run has measured it.'),
  rows: z
    .array(z.strictObject({ id, jobs: z.array(job).min(1) }))
    .describe('The others, each as long as one job of GitHub may be.'),
});

/** What a run of the workflow measures, and what it leaves to the next one. */
export const planSchema = z.strictObject({
  schema: z.literal(PLAN_SCHEMA),
  base: z.string().optional().describe('Commit before the change.'),
  head: z.string().describe('Commit that is measured.'),
  digest: z.string().describe('Of all that is asked for, whichever run measures it.'),
  part: z.number().int().positive().describe('Number of this run in its chain.'),
  name: id.describe('Name of the joined run: the same for all runs of a chain.'),
  configs: z.array(config),
  later: z.array(config).describe('What waits for the next run.'),
  evals: z.number().int().nonnegative().describe('Jobs whose servers are asked an eval, and not loaded.'),
  changelog: z.unknown().optional().describe('changelog_metadata of `sweepline changelog`.'),
});

export type Plan = z.output<typeof planSchema>;
export type PlannedConfig = z.output<typeof config>;
export type MatrixJob = z.output<typeof job>;

/** @returns digest of the file */
export async function writePlan(folder: string, plan: Plan): Promise<string> {
  const content = toJson(planSchema.parse(plan));
  await writeAtomic(join(folder, PLAN_FILE), content);
  return digestOf(content);
}

/**
 * @param expected digest of the file: an artifact can be replaced by whoever runs in the same run of the workflow
 * @throws {SweeplineError} USAGE for a file that isn't there, is another one, or is no plan
 */
export async function readPlan(folder: string, expected?: string): Promise<Plan> {
  const file = join(folder, PLAN_FILE);
  try {
    const content = await readFile(file, 'utf8');
    if (expected !== undefined && digestOf(content) !== expected) throw new Error('it was replaced');
    return planSchema.parse(JSON.parse(content));
  } catch (thrown) {
    throw new SweeplineError('USAGE', `can't read the plan ${file}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

export function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
