import { z } from 'zod';
import type { Prompts } from '../prompts/prompt.js';
import type { Flags } from '../spec/flags.js';
import * as kinds from './kinds.js';
import type { Workload, WorkloadContext } from './workload.js';

type Listed = (typeof kinds)[keyof typeof kinds];

/** A load spec's `prompts`. */
export type WorkloadSpec = z.output<Listed['schema']>;

/** A workload for any spec of prompts. Its schema parsed the spec, so the two match. */
export type AnyWorkload = Workload<z.ZodType<WorkloadSpec>, Flags>;

const LISTED: readonly Listed[] = Object.values(kinds);

/** All workloads, in the order of their names. */
export const WORKLOADS = LISTED as unknown as readonly AnyWorkload[];

const [firstSchema, ...otherSchemas] = LISTED.map(({ schema }) => schema);

export const workloadSchema = z.discriminatedUnion('kind', [firstSchema!, ...otherSchemas]);

/** The workload of the kind that a spec names. */
export function workloadOf({ kind }: Pick<WorkloadSpec, 'kind'>): AnyWorkload {
  return WORKLOADS.find(({ name }) => name === kind)!;
}

/** The files that a spec's prompts are read from, by their keys in the spec. */
export function filesOf(prompts: WorkloadSpec): Readonly<Record<string, string>> {
  const { files = [] } = workloadOf(prompts).scenario;
  const values: Readonly<Record<string, unknown>> = prompts;
  return Object.fromEntries(files.map((key) => [key, String(values[key])]));
}

/** Makes the prompts of a spec. */
export function makePrompts(prompts: WorkloadSpec, context: WorkloadContext): Promise<Prompts> {
  return workloadOf(prompts).make(prompts, context);
}
