import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from '@sweepline/core';
import { parse } from 'yaml';

const TEMPLATES = new URL('../templates/github/', import.meta.url);
export const OWN_WORKFLOWS = fileURLToPath(new URL('../../../.github/workflows/', import.meta.url));

const values = z.record(z.string(), z.unknown());
const permissions = z.record(z.string(), z.string());
const stepSchema = z.object({
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: values.default({}),
  env: values.default({}),
});
const jobSchema = z.object({
  uses: z.string().optional(),
  if: z.string().optional(),
  with: values.default({}),
  permissions: permissions.optional(),
  secrets: z.unknown().optional(),
  'timeout-minutes': z.number().optional(),
  'runs-on': z.string().optional(),
  steps: z.array(stepSchema).default([]),
});
const workflowSchema = z.object({
  on: values,
  permissions,
  concurrency: z.unknown().optional(),
  jobs: z.record(z.string(), jobSchema),
});

export interface Template {
  readonly name: string;
  readonly text: string;
  readonly workflow: z.output<typeof workflowSchema>;
}

export const templates: readonly Template[] = readdirSync(TEMPLATES)
  .sort()
  .map((name) => {
    const text = readFileSync(new URL(name, TEMPLATES), 'utf8');
    return { name, text, workflow: workflowSchema.parse(parse(text)) };
  });

export type Step = z.output<typeof stepSchema>;

/** All steps of all workflows, with where they are. */
export const steps = templates.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).flatMap(([job, { steps: own }]) =>
    own.map((step, index) => ({ at: `${name} ${job} ${index + 1}`, job, file: name, step })),
  ),
);
