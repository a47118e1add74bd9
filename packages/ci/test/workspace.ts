import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { latestRun, readRun, SweeplineError, type CommandContext, type Sku } from '@sweepline/core';
import images from '../src/commands/images.js';

const SKUS: readonly Sku[] = [
  { name: 'h200', vendor: 'nvidia', device: 'gpu', devicesPerNode: 8, architecture: 'amd64', sources: [] },
  { name: 'gb200', vendor: 'nvidia', device: 'gpu', devicesPerNode: 4, architecture: 'arm64', sources: [] },
];

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  /** What was logged, written to stderr, or thrown. */
  readonly said: string;
}

/** A workspace in a temporary folder, whose command runs in this process. */
export interface Workspace extends AsyncDisposable {
  readonly root: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  read(file: string): Promise<string>;
  check(...args: readonly string[]): Promise<Said>;
}

export async function makeWorkspace(files: Readonly<Record<string, string>>): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'sweepline-ci-'));
  const write = async (all: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(all)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
  };
  await write(files);
  return {
    ...{ root, write },
    read: (file) => readFile(join(root, file), 'utf8'),
    check: (...args) => runCheck(root, args),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

async function runCheck(root: string, args: readonly string[]): Promise<Said> {
  const [out, said]: [string[], string[]] = [[], []];
  const log = (text: string): void => void said.push(text);
  const context: CommandContext = {
    ...{ args: ['check', ...args], cwd: root, root, resultsDir: join(root, 'results') },
    terminal: { stdout: (text) => void out.push(text), stderr: log, interactive: false, columns: 300 },
    logger: { info: log, warn: log, error: log },
    runs: { latest: () => latestRun(join(root, 'results')), read: readRun },
    skus: () => Promise.resolve(SKUS),
    signal: new AbortController().signal,
  };
  try {
    const exitCode = await images(context);
    return { exitCode, stdout: out.join(''), said: said.join('') };
  } catch (thrown) {
    if (!(thrown instanceof SweeplineError)) throw thrown;
    return { exitCode: thrown.exitCode, stdout: out.join(''), said: `${said.join('')}${thrown.message}` };
  }
}

/** A config entry with an image. */
export function entry(key: string, image: string, runner = 'h200'): string {
  return `${key}:
  image: ${image} # the engine
  model: org/model
  model-prefix: mod
  runner: ${runner}
  precision: fp8
  framework: vllm
  multinode: false
  seq-len-configs:
    - { isl: 1024, osl: 1024, search-space: [{ tp: 8, conc-list: [4] }] }
`;
}
