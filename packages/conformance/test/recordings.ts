import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, it } from 'vitest';

type Environment = Readonly<Record<string, string>>;

/** A matrix entry; tests pass it on and read a few of its keys. */
export type Job = Readonly<Record<string, unknown>> & { readonly framework: string; readonly runner: string };

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Environment;
  readonly cwd?: string;
}

/** What one of the original's scripts did for a job. The README next to the recordings explains the members. */
export interface Row {
  readonly id?: number;
  readonly job: Job;
  readonly job_env?: Environment;
  readonly script: string;
  readonly variant?: string;
  readonly cfg?: Readonly<Record<string, unknown>>;
  readonly server?: (Command & { readonly env: Environment }) | null;
  readonly files: Environment;
  readonly pre?: readonly Command[];
  readonly client?: Command | null;
  readonly exit: number;
  readonly error?: string;
}

/** What one of the original's node launchers did. */
export interface LauncherRow extends Row {
  readonly node: string;
  readonly multinode: boolean;
  readonly commands: readonly Command[];
  readonly container?: Readonly<Record<string, unknown>>;
  readonly submit: Command;
}

const BESIDE = join(import.meta.dirname, '../../../../shared/conformance');
const RECORDINGS = resolve(process.env['SWEEPLINE_CONFORMANCE'] || BESIDE);
const FOLDER = join(RECORDINGS, 'launch');
/** Rows that InferenceX has published, one folder per run. */
export const PUBLIC_RESULTS = resolve(RECORDINGS, '../data/public-results/runs');

function readRows(name: string): readonly LauncherRow[] {
  const lines = gunzipSync(readFileSync(join(FOLDER, `${name}.jsonl.gz`))).toString();
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LauncherRow);
}

/** A suite over recorded rows, which reads them with `read`. Without recordings it is one skipped test that names the missing files. */
export function describeRows(name: string, suite: (rows: readonly LauncherRow[]) => void): void {
  describeFolder(name, () => suite(readRows(name)));
}

/** The same for the whole folder. */
export function describeFolder(name: string, suite: (folder: string) => void): void {
  // CI looks for this text: if the machine has recordings, none of these suites may be skipped (.ci/summary.js).
  describe(`${name} [recorded: launch]`, () => {
    if (existsSync(FOLDER)) suite(FOLDER);
    else {
      it('agrees with recordings of InferenceX', ({ skip }) =>
        skip(`there are none in ${FOLDER}; set SWEEPLINE_CONFORMANCE to its parent folder`));
    }
  });
}

/** Rows grouped by `keyOf`, in order. */
export function groupBy<R>(
  rows: readonly R[],
  keyOf: (row: R) => string,
): readonly (readonly [string, readonly R[]])[] {
  const groups = new Map<string, R[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups];
}
