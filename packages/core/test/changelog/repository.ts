import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { createApp } from '../../src/cli/container.js';
import { createProgram, runProgram } from '../../src/cli/program.js';

/** A git repository that `sweepline changelog` can be called in. */
export interface Repository extends AsyncDisposable {
  readonly folder: string;
  git(...args: readonly string[]): Promise<string>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Commits all files and tags the commit. */
  commit(tag: string): Promise<void>;
  changelog(argv: readonly string[], cwd?: string): Promise<Outcome>;
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const AUTHOR = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false'];

export async function makeRepository(): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'changelog-test-'));
  const git = async (...args: readonly string[]) =>
    (await execa('git', [...AUTHOR, ...args], { cwd: folder })).stdout;
  await git('init', '--quiet');
  return {
    folder,
    git,
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), text);
      }
    },
    async commit(tag) {
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', tag);
      await git('tag', tag);
    },
    changelog: (argv, cwd = '.') => run(argv, join(folder, cwd)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function run(argv: readonly string[], cwd: string): Promise<Outcome> {
  const out = { stdout: '', stderr: '' };
  const told = (text: string) => void (out.stderr += `${text}\n`);
  const logger = { debug() {}, info: told, warn: told, error: told };
  const terminal = {
    stdout: (text: string) => void (out.stdout += text),
    stderr: (text: string) => void (out.stderr += text),
    interactive: false,
    columns: 80,
  };
  const { signal } = new AbortController();
  const app = createApp({ cwd, env: {}, execPath: process.execPath, terminal, logger, signal });
  const exitCode = await runProgram(createProgram(app), ['node', 'sweepline', 'changelog', ...argv], logger);
  return { ...out, exitCode };
}
