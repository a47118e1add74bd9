import { fileURLToPath } from 'node:url';
import { makeTestWorkspace } from '@sweepline/core/testing';

const packageFolder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const PACKAGES = Object.fromEntries(
  ['plugin-vllm', 'hw-nvidia', 'hw-amd', 'hw-cpu'].map((name) => [`@sweepline/${name}`, packageFolder(name)]),
);

export interface Printed {
  readonly rejected?: { readonly reason: string; readonly nearest?: unknown };
  readonly image?: string;
  readonly prepare: readonly { readonly argv: readonly string[] }[];
  readonly processes: readonly {
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly files: Readonly<Record<string, string>>;
  }[];
  readonly client: { readonly chatTemplate: boolean; readonly backend: string; readonly numPrompts: number };
  readonly warnings?: readonly string[];
}

export const STRICT = ['--compat', 'strict'];

/** What `sweepline plan --json` prints for jobs. */
export async function plans(
  jobs: readonly object[],
  args: readonly string[] = [],
): Promise<readonly Printed[]> {
  await using workspace = await makeTestWorkspace({
    packages: PACKAGES,
    files: { 'matrix.json': JSON.stringify(jobs) },
  });
  const { exitCode, stdout, stderr } = await workspace.cli([
    ...['plan', '--matrix', 'matrix.json', '--json'],
    ...args,
  ]);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as readonly Printed[];
}

export async function plan(job: object, args: readonly string[] = []): Promise<Printed> {
  const [printed] = await plans([job], args);
  return printed!;
}

/** The value behind a flag; true for a flag alone, undefined for one that isn't there. */
export function flag({ processes: [server] }: Printed, name: string): string | true | undefined {
  const argv = server?.argv ?? [];
  const at = argv.indexOf(name);
  if (at === -1) return undefined;
  const value = argv[at + 1];
  return value === undefined || value.startsWith('-') ? true : value;
}
