import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Command, Job } from './recordings.js';

/** The repository: its configs list the plugins and clusters. */
const ROOT = join(import.meta.dirname, '../../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
const SECRET = 'hf-secret-of-the-environment';

interface PrintedProcess extends Command {
  readonly role: string;
  readonly node: number;
  readonly nodes?: number;
  readonly devices?: readonly number[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** An element of the output of `sweepline plan --json`. */
export interface Plan {
  readonly job: Job;
  readonly rejected?: { readonly reason: string };
  readonly image?: string;
  readonly devices?: { readonly total: number; readonly prefill?: number; readonly decode?: number };
  readonly prepare?: readonly Command[];
  readonly processes?: readonly PrintedProcess[];
  readonly endpoint?: { readonly baseUrl: string };
  readonly client?: Readonly<Record<string, string | number | boolean>>;
  readonly launch?: readonly Command[];
}

/** The plans of the built command for jobs, in their order, with the paths and users of the recordings. */
export async function plans(
  jobs: readonly Job[],
  args: readonly string[] = [],
  user = 'runner0',
): Promise<readonly Plan[]> {
  const env = { PATH: process.env['PATH'], GITHUB_WORKSPACE: '/work/ws', USER: user, HF_TOKEN: SECRET };
  const command = [BIN, 'plan', '--matrix', '-', '--json', ...args];
  const printed = await new Promise<string>((resolve, reject) => {
    const options = { cwd: ROOT, env, maxBuffer: 2 ** 28 };
    const child = execFile(process.execPath, command, options, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr || error.message)),
    );
    child.stdin?.end(JSON.stringify(jobs));
  });
  if (printed.includes(SECRET)) throw new Error('a plan contains a secret of the environment');
  return JSON.parse(printed) as readonly Plan[];
}

export const strictPlans = (jobs: readonly Job[], args: readonly string[] = [], user?: string) =>
  plans(jobs, ['--compat', 'strict', ...args], user);
