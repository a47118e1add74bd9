import { cp, mkdir, mkdtemp, readlink, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const CORE = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(CORE, 'bin', 'sweepline.js');
const ACME = fileURLToPath(new URL('fixtures/acme-plugin', import.meta.url));

/** A Sweepline workspace in a temporary folder, with core and the acme plugin installed as npm would. */
export interface TestWorkspace extends AsyncDisposable {
  readonly root: string;
  /** Writes a file; path relative to the root. */
  write(path: string, content: string): Promise<string>;
  /** Runs the built command in the workspace. */
  cli(args: readonly string[], options?: CliOptions): Promise<CliOutcome>;
  /** The built command, running. */
  start(args: readonly string[]): ReturnType<typeof startCli>;
  /** Pids of processes that run in a folder of the workspace. */
  processes(): Promise<readonly number[]>;
}

interface CliOptions {
  /** Relative to the root. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliOutcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export const SWEEPLINE_YAML = `plugins: ['@acme/sweepline-plugin']
default-configs: [configs/acme.yaml]
`;

export async function makeWorkspace(files: Readonly<Record<string, string>> = {}): Promise<TestWorkspace> {
  const root = await mkdtemp(join(tmpdir(), 'sweepline-test-'));
  const write = async (path: string, content: string): Promise<string> => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  await install(root);
  for (const [path, content] of Object.entries({ 'configs/sweepline.yaml': SWEEPLINE_YAML, ...files })) {
    await write(path, content);
  }
  return {
    root,
    write,
    cli: async (args, { cwd = '.', env } = {}) => {
      const { exitCode, stdout, stderr } = await startCli(args, join(root, cwd), env);
      return { exitCode, stdout, stderr };
    },
    start: (args) => startCli(args, root),
    processes: () => processesIn(root),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

async function install(root: string): Promise<void> {
  await mkdir(join(root, 'node_modules', '@sweepline'), { recursive: true });
  await symlink(CORE, join(root, 'node_modules', '@sweepline', 'core'));
  await cp(ACME, join(root, 'node_modules', '@acme', 'sweepline-plugin'), { recursive: true });
}

function startCli(args: readonly string[], cwd: string, env?: Readonly<Record<string, string>>) {
  return execa(process.execPath, [BIN, ...args], { cwd, env: { ...env }, reject: false, stdin: 'ignore' });
}

/** By the working folder that the system has on record for each process (Linux). */
async function processesIn(folder: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_, index) => folders[index]?.startsWith(folder));
}

/** A config entry for the acme framework; keys of `changes` replace its own. */
export function acmeEntry(
  key: string,
  { conc = [2], options = {} }: { conc?: readonly number[]; options?: object } = {},
) {
  return `${key}:
  image: host
  model: fake-model
  model-prefix: ${key}
  runner: acme-x1
  precision: fp8
  framework: acme
  multinode: false
  seq-len-configs:
    - { isl: 20, osl: 5, search-space: [{ tp: 1, conc-list: [${conc.join(', ')}] }] }
  options: ${JSON.stringify(options)}
`;
}
