import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import { upwards } from '../plugin/package-folders.js';
import { DEPENDENCY_LISTS } from './dependency-lists.js';

/** Number of lines of npm's output that an error repeats. */
const LAST_LINES = 8;
const NO_EXTRAS = ['--no-audit', '--no-fund'];

/** The package that npm installs into. */
export interface NpmProject {
  readonly folder: string;
  /** Its dependencies from all lists, with the requested versions or locations. */
  dependencies(): Promise<Readonly<Record<string, string>>>;
  /** @throws {SweeplineError} NPM_FAILED or INTERRUPTED */
  run(args: readonly string[]): Promise<void>;
  /** Saves its dependencies; the returned function restores them, and the installed packages. */
  remember(): Promise<() => Promise<void>>;
}

/** The npm project at or above a folder. @throws {SweeplineError} CONFIG_NOT_FOUND */
export function npmProject(from: string, signal: AbortSignal): NpmProject {
  const folder = projectFolder(from);
  const manifest = join(folder, 'package.json');
  const lock = join(folder, 'package-lock.json');
  const run = async (args: readonly string[]): Promise<void> => runNpm(args, folder, signal);
  return {
    folder,
    run,
    dependencies: async () => dependenciesIn(await readText(manifest), manifest),
    async remember() {
      const before = [
        { file: manifest, text: await readText(manifest) },
        { file: lock, text: existsSync(lock) ? await readText(lock) : undefined },
      ] as const;
      return async () => {
        const hadLock = before[1].text !== undefined;
        for (const { file, text } of before) {
          await (text === undefined ? rm(file, { force: true }) : writeFile(file, text));
        }
        if (!signal.aborted) await run(['install', ...(hadLock ? [] : ['--no-package-lock'])]);
      };
    },
  };
}

/** npm uses the nearest folder with a package.json; without one it would make a package in a folder of its choice. */
function projectFolder(from: string): string {
  const folder = upwards(from).find((one) => existsSync(join(one, 'package.json')));
  if (folder !== undefined) return folder;
  throw new SweeplineError('CONFIG_NOT_FOUND', `no package.json in ${from} or above it`, {
    hint: `npm needs one to install packages there: cd ${from} && npm init -y`,
  });
}

async function runNpm(args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  const [command = '', ...rest] = args;
  const result = await execa('npm', [command, ...NO_EXTRAS, ...rest], {
    cwd,
    cancelSignal: signal,
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  if (signal.aborted) throw new SweeplineError('INTERRUPTED', `npm ${command} was stopped`);
  if (!result.failed) return;
  const isMissing = (result.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  const said = lastLines(result.all);
  throw new SweeplineError(
    'NPM_FAILED',
    isMissing ? 'there is no npm on the PATH' : `npm ${args.join(' ')} failed in ${cwd}: ${said}`,
    { hint: isMissing ? 'Install it; it comes with Node.js.' : "Run it by hand to see npm's full output." },
  );
}

/** The end of npm's output, without the prefix of its lines and the location of its log. */
function lastLines(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/^npm (?:error|ERR!) ?/, '').trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('A complete log'))
    .slice(-LAST_LINES)
    .join('\n');
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SweeplineError('CONFIG_NOT_FOUND', `can't read ${file}: ${fileProblem(cause)}`, { cause });
  });
}

function dependenciesIn(text: string, file: string): Readonly<Record<string, string>> {
  try {
    const manifest = JSON.parse(text) as Readonly<
      Record<string, Readonly<Record<string, string>> | undefined>
    >;
    return Object.assign({}, ...DEPENDENCY_LISTS.map((list) => manifest[list] ?? {})) as Record<
      string,
      string
    >;
  } catch (cause) {
    throw new SweeplineError('CONFIG_SYNTAX', `can't read ${file}: ${fileProblem(cause)}`, { cause });
  }
}
