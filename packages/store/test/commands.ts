import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { latestRun, readRun, SweeplineError, type CommandContext, type RunCommand } from '@sweepline/core';
import bundle from '../src/commands/bundle.js';
import collect from '../src/commands/collect.js';
import compare from '../src/commands/compare.js';
import exportResults from '../src/commands/export.js';
import gate from '../src/commands/gate.js';
import importFiles from '../src/commands/import.js';
import indexRuns from '../src/commands/index-runs.js';
import query from '../src/commands/query.js';
import records from '../src/commands/records.js';
import reproduce from '../src/commands/reproduce.js';
import results from '../src/commands/results.js';
import verify from '../src/commands/verify.js';

const COMMANDS = {
  compare,
  gate,
  collect,
  export: exportResults,
  import: importFiles,
  index: indexRuns,
  query,
  records,
  results,
  bundle,
  reproduce,
  verify,
} as const satisfies Record<string, RunCommand>;

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  /** What was logged, or thrown. */
  readonly said: string;
}

/** A workspace in a temporary folder, whose commands run in this process. */
export interface StoreWorkspace extends AsyncDisposable {
  readonly root: string;
  readonly resultsDir: string;
  write(path: string, content: unknown): Promise<string>;
  run(name: keyof typeof COMMANDS, ...args: readonly string[]): Promise<Said>;
  /** Rows of `sweepline results --json`. */
  rows(...filters: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Rows of a query. */
  ask(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** @param folder a workspace that is there already */
export async function makeStoreWorkspace(folder?: string): Promise<StoreWorkspace> {
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'sweepline-store-')));
  const resultsDir = join(root, 'results');
  await mkdir(resultsDir, { recursive: true });
  const run = async (name: keyof typeof COMMANDS, ...args: readonly string[]): Promise<Said> => {
    const out: string[] = [];
    const said: string[] = [];
    const context: CommandContext = {
      ...{ args, cwd: root, root, resultsDir, signal: new AbortController().signal },
      terminal: {
        stdout: (text) => out.push(text),
        stderr: (text) => said.push(text),
        interactive: false,
        columns: 120,
      },
      logger: {
        info: (text) => said.push(`${text}\n`),
        warn: (text) => said.push(`warning: ${text}\n`),
        error: (text) => said.push(`error: ${text}\n`),
      },
      skus: () => Promise.resolve([]),
      runs: { latest: () => latestRun(resultsDir), read: readRun },
    };
    const exitCode = await Promise.resolve(COMMANDS[name](context)).catch((error: unknown) => {
      if (!(error instanceof SweeplineError)) throw error;
      said.push(`${error.code}: ${error.message} ${error.hint ?? ''}\n`);
      return 99;
    });
    return { exitCode, stdout: out.join(''), said: said.join('') };
  };
  const json = async (...args: Parameters<typeof run>) => {
    const { exitCode, stdout, said } = await run(...args);
    if (exitCode !== 0) throw new Error(said);
    return JSON.parse(stdout) as readonly Readonly<Record<string, unknown>>[];
  };
  return {
    ...{ root, resultsDir, run },
    async write(path, content) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
    rows: (...filters) => json('results', '--json', ...filters),
    ask: (sql) => json('query', '--format', 'json', sql),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
