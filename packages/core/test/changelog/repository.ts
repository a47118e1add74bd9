import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { runCli } from '../run-cli.js';

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
    changelog: (argv, cwd = '.') => runCli(['changelog', ...argv], join(folder, cwd)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
