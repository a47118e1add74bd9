import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { RunRecord } from '../load/records/record.js';
import { decodeRunRecord } from '../load/records/read-records.js';
import type { Result } from '../results/schema.js';
import { readRun } from '../results/read-run.js';

const CORE = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(CORE, 'bin', 'sweepline.js');

/** A Sweepline workspace in a temporary folder, and the built command to run in it. */
export interface TestWorkspace extends AsyncDisposable {
  readonly root: string;
  /** Writes a file; path relative to the root. */
  write(path: string, content: string): Promise<void>;
  /** Reads a file; path relative to the root. */
  read(path: string): Promise<string>;
  /** Reads a file of the newest run; path relative to the run's folder. */
  readRunFile(path: string): Promise<string>;
  /** Runs the command until it ends. */
  cli(args: readonly string[], options?: CliOptions): Promise<CliOutcome>;
  /** The running command, as an execa subprocess. */
  start(args: readonly string[]): ReturnType<typeof startCli>;
  /** Results of the newest run, in the order in which they began. */
  results(): Promise<readonly Result[]>;
  /** Records of a point in the newest run. */
  records(point: string): Promise<RunRecord>;
  /** PIDs of the processes whose working directory is in the workspace (Linux; elsewhere always empty). */
  processes(): Promise<readonly number[]>;
}

export interface TestWorkspaceOptions {
  /** Folders of the plugin packages to install, by package name. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Files to write, by path relative to the root. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface CliOptions {
  /** Relative to the root. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliOutcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a workspace with core and the given packages installed as npm would install them. */
export async function makeTestWorkspace({
  packages = {},
  files = {},
}: TestWorkspaceOptions = {}): Promise<TestWorkspace> {
  const root = await mkdtemp(join(tmpdir(), 'sweepline-test-'));
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  for (const [name, folder] of Object.entries({ '@sweepline/core': CORE, ...packages })) {
    await link(folder, join(root, 'node_modules', name));
  }
  const plugins = `plugins: ${JSON.stringify(Object.keys(packages))}\n`;
  for (const [path, content] of Object.entries({ 'configs/sweepline.yaml': plugins, ...files })) {
    await write(path, content);
  }
  return {
    root,
    write,
    read: (path) => readFile(join(root, path), 'utf8'),
    readRunFile: async (path) => readFile(join(await newestRun(root), path), 'utf8'),
    cli: async (args, { cwd = '.', env } = {}) => {
      const { exitCode, stdout, stderr } = await startCli(args, join(root, cwd), env);
      return { exitCode, stdout, stderr };
    },
    start: (args) => startCli(args, root),
    results: async () => (await readRun(await newestRun(root))).results,
    records: async (point) =>
      decodeRunRecord(await readFile(join(await newestRun(root), 'points', point, 'records.jsonl'), 'utf8')),
    processes: () => processesIn(root),
    // Whoever tidies up after a killed process may be writing a file there.
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function link(folder: string, at: string): Promise<void> {
  await mkdir(dirname(at), { recursive: true });
  await symlink(folder, at);
}

function startCli(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
  return execa(process.execPath, [BIN, ...args], { cwd, env, reject: false, stdin: 'ignore' });
}

async function newestRun(root: string): Promise<string> {
  const name = (await readdir(join(root, 'results'))).sort().at(-1);
  if (name === undefined) throw new Error(`no run in ${root}`);
  return join(root, 'results', name);
}

async function processesIn(folder: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_, index) => folders[index]?.startsWith(folder));
}
