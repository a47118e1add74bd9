import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SweeplineError, messageOf } from '@sweepline/core';

const run = promisify(execFile);

/** What is asked of the workspace's repository. */
export interface Git {
  /** The commit that is checked out. */
  head(): Promise<string>;
  /** Message of that commit. */
  message(): Promise<string>;
  /** Where two histories part; undefined if one isn't known here. */
  mergeBase(a: string, b: string): Promise<string | undefined>;
  /** Content of the files that are checked out, as digests with their paths. */
  files(): Promise<readonly string[]>;
  /** Whether a file differs between two commits. */
  hasChanged(from: string, to: string, file: string): Promise<boolean>;
  /**
   * Takes files of a commit in another folder's repository into this one's work tree.
   * @throws {SweeplineError} GIT_FAILED, also for what is no plain file
   */
  take(folder: string, commit: string, paths: readonly string[]): Promise<void>;
}

export function createGit(cwd: string, signal: AbortSignal): Git {
  const git = async (...args: readonly string[]): Promise<string> => {
    try {
      const { stdout } = await run('git', args, { cwd, signal, maxBuffer: 64 * 1024 * 1024 });
      return stdout.trim();
    } catch (cause) {
      throw new SweeplineError('GIT_FAILED', `git ${args[0] ?? ''} failed: ${messageOf(cause)}`, {
        hint: 'The checkout has to have the whole history: fetch-depth: 0.',
        cause,
      });
    }
  };
  return {
    head: () => git('rev-parse', '--verify', 'HEAD^{commit}'),
    message: () => git('log', '-1', '--format=%B'),
    mergeBase: (a, b) => git('merge-base', '--end-of-options', a, b).catch(() => undefined),
    files: async () => (await git('ls-tree', '-r', '-z', '--full-tree', 'HEAD')).split('\0'),
    hasChanged: async (from, to, file) =>
      (await git('diff', '--name-only', '--end-of-options', from, to, '--', `:(literal)${file}`)) !== '',
    async take(folder, commit, paths) {
      await git('fetch', '--quiet', '--no-tags', '--end-of-options', folder, commit);
      const listed = await git('ls-tree', '-r', '-z', commit, '--', ...paths);
      const entries = listed.split('\0').filter((entry) => entry !== '');
      const odd = entries.find((entry) => !/^100(?:644|755) /.test(entry));
      if (odd !== undefined)
        throw new SweeplineError(
          'GIT_FAILED',
          `${JSON.stringify(odd)} is no plain file, and isn't taken over`,
        );
      const files = entries.map((entry) => entry.slice(entry.indexOf('\t') + 1)).filter(isTaken);
      if (files.length > 0)
        await git('checkout', '--quiet', commit, '--', ...files.map((file) => `:(top,literal)${file}`));
    },
  };
}

/** What decides which plugins are loaded, and what runs how long, is not for others to say. */
function isTaken(file: string): boolean {
  return /\.ya?ml$/.test(file) && !/(?:^|\/)(?:sweepline|ci|clusters)\.yaml$/.test(file);
}
