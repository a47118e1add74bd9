import { join, posix } from 'node:path';
import { execa } from 'execa';
import { SweeplineError } from '../errors.js';
import { withTemporaryFolder } from './temporary-folder.js';

/** The git repository that contains a folder. */
export interface Git {
  /** The commit that a revision stands for now. @throws {SweeplineError} GIT_FAILED */
  commitOf(revision: string): Promise<string>;
  /** Changes of a file between two revisions, as a unified diff; empty if there are none. */
  diff(base: string, head: string, file: string): Promise<string>;
  /** A file as a revision has it; empty if it has none. */
  bytesAt(revision: string, file: string): Promise<Buffer>;
  /** Calls `use` with a folder that holds the YAML files of a revision, at their paths relative to this folder. */
  withConfigsAt<T>(revision: string, use: (folder: string) => Promise<T>): Promise<T>;
}

interface Extra {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Exit code 1 is also an answer: an empty one. */
  readonly mayFail?: boolean;
  /** Of stdout; default: UTF-8. */
  readonly encoding?: 'latin1';
}

type Run = (args: readonly string[], extra?: Extra) => Promise<string>;

/** A diff that ignores the user's git settings. */
const PLAIN = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-renames',
  '--diff-algorithm=myers',
  '--indent-heuristic',
];

export function createGit(cwd: string, signal: AbortSignal): Git {
  const run = runner(cwd, signal);
  return {
    commitOf: (revision) => commitOf(run, revision),
    async diff(base, head, file) {
      const commits = [await commitOf(run, base), await commitOf(run, head)];
      return run(['diff', ...PLAIN, ...commits, '--', `:(literal)${file}`]);
    },
    async bytesAt(revision, file) {
      const commit = await commitOf(run, revision);
      const listed = await run(['ls-tree', '-z', '--name-only', commit, '--', `:(literal)${file}`]);
      if (listed === '') return Buffer.alloc(0);
      const prefix = await run(['rev-parse', '--show-prefix']);
      const path = posix.normalize(`${prefix.trim()}${file}`);
      // As Latin-1 every byte is a character.
      return Buffer.from(
        await run(['cat-file', 'blob', `${commit}:${path}`], { encoding: 'latin1' }),
        'latin1',
      );
    },
    async withConfigsAt(revision, use) {
      return withTemporaryFolder('git', async (folder) => {
        // An index of its own, so that the user's index and files don't change.
        const env = { GIT_INDEX_FILE: join(folder, 'index') };
        await run(['read-tree', await commitOf(run, revision)], { env });
        const input = await run(['ls-files', '-z', '--', ':(top)*.yaml', ':(top)*.yml'], { env });
        await run(['checkout-index', '-z', '--stdin', `--prefix=${join(folder, 'tree')}/`], { env, input });
        const prefix = await run(['rev-parse', '--show-prefix']);
        return use(join(folder, 'tree', prefix.trim()));
      });
    },
  };
}

function runner(cwd: string, signal: AbortSignal): Run {
  return async (args, { env, input, encoding, mayFail = false } = {}) => {
    const result = await execa('git', args, {
      cwd,
      cancelSignal: signal,
      stripFinalNewline: false,
      reject: false,
      ...(env === undefined ? {} : { env }),
      ...(input === undefined ? {} : { input }),
      ...(encoding === undefined ? {} : { encoding }),
    });
    if (!result.failed || (mayFail && result.exitCode === 1)) return result.stdout;
    const told = result.stderr === '' ? result.originalMessage : result.stderr;
    throw new SweeplineError('GIT_FAILED', `git ${args[0] ?? ''} failed: ${(told ?? '').trim()}`, {
      hint: 'Run this in a git repository, with git installed.',
    });
  };
}

async function commitOf(run: Run, revision: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const commit = (await run(args, { mayFail: true })).trim();
  if (commit !== '') return commit;
  throw new SweeplineError('GIT_FAILED', `git has no revision ${revision}`, {
    hint: 'Fetch it first; a shallow clone lacks older revisions.',
  });
}
