import { fileURLToPath } from 'node:url';
import { planJobs, type PlannedJob } from '@sweepline/core/testing';

const packageFolder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const PACKAGES = Object.fromEntries(
  ['plugin-vllm', 'hw-nvidia', 'hw-amd', 'hw-cpu'].map((name) => [`@sweepline/${name}`, packageFolder(name)]),
);

export const STRICT = ['--compat', 'strict'];

export function plans(jobs: readonly object[], args: readonly string[] = []): Promise<readonly PlannedJob[]> {
  return planJobs(PACKAGES, jobs, args);
}

export async function plan(job: object, args: readonly string[] = []): Promise<PlannedJob> {
  const [printed] = await plans([job], args);
  return printed!;
}

/** The value behind a flag; true for a flag alone, undefined for one that isn't there. */
export function flag({ processes: [server] = [] }: PlannedJob, name: string): string | true | undefined {
  const argv = server?.argv ?? [];
  const at = argv.indexOf(name);
  if (at === -1) return undefined;
  const value = argv[at + 1];
  return value === undefined || value.startsWith('-') ? true : value;
}
