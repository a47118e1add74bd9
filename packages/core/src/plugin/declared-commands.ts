import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SweeplineError } from '../errors.js';
import { fileProblem } from '../file-problem.js';
import type { CommandDeclaration } from './command.js';
import { foldersOfName, upwards } from './package-folders.js';

/** A command as it was found in a package. */
export interface DeclaredCommand extends CommandDeclaration {
  /** Address of the module. */
  readonly module: string;
  readonly package: string;
  readonly version: string;
  /** What the addresses of the package's modules begin with. */
  readonly folder: string;
}

/** Why a command, or those of a package, can't be had. */
export interface CommandProblem {
  /** The command's, where it is known. */
  readonly name?: string;
  readonly error: SweeplineError;
}

export interface DeclaredCommands {
  readonly commands: readonly DeclaredCommand[];
  readonly problems: readonly CommandProblem[];
}

/**
 * The commands of packages, from their package.json alone: nothing is imported. What is wrong with one costs that one: two of a name
 * cost each other, and one with the name of a command of core costs itself.
 */
export async function declaredCommands(
  packages: readonly string[],
  fromFile: string,
  builtin: readonly string[],
): Promise<DeclaredCommands> {
  const found = await Promise.all([...new Set(packages)].map((name) => commandsOf(name, fromFile)));
  const all = found.flatMap(({ commands }) => commands);
  const clashes = clashesAmong(all, builtin);
  const lost = new Set(clashes.map(({ name }) => name));
  return {
    commands: all.filter(({ name }) => !lost.has(name)),
    problems: [...found.flatMap(({ problems }) => problems), ...clashes],
  };
}

/** Whether a package is one of commands, whatever else it may be. */
export async function declaresCommands(name: string, fromFile: string): Promise<boolean> {
  return (await commandsOf(name, fromFile)).commands.length > 0;
}

function clashesAmong(
  commands: readonly DeclaredCommand[],
  builtin: readonly string[],
): readonly CommandProblem[] {
  const names = [...new Set(commands.map(({ name }) => name))];
  return names.flatMap((name) => {
    const owners = [
      ...(builtin.includes(name) ? ['Sweepline itself'] : []),
      ...commands.filter((one) => one.name === name).map((one) => one.package),
    ];
    if (owners.length === 1) return [];
    const message = `command ${name} is claimed by ${owners.join(' and by ')}`;
    const hint =
      'Remove one of them from `plugins:` in configs/sweepline.yaml, or ask its authors for another name.';
    const where = { plugin: owners.at(-1)! };
    return [{ name, error: new SweeplineError('PLUGIN_DUPLICATE', message, { where, hint }) }];
  });
}

async function commandsOf(name: string, fromFile: string): Promise<DeclaredCommands> {
  try {
    const { folder, manifest } = await manifestOf(name, fromFile);
    const { sweepline, version } = Object(manifest) as {
      readonly sweepline?: unknown;
      readonly version?: unknown;
    };
    const { commands = [] } = Object(sweepline) as { readonly commands?: unknown };
    if (!Array.isArray(commands)) throw invalid(name, 'sweepline.commands: expected a list');
    const owner = {
      package: name,
      version: typeof version === 'string' ? version : 'unknown',
      folder: `${pathToFileURL(folder).href}/`,
    };
    const read = commands.map((one: unknown, index) =>
      readCommand(one, `sweepline.commands.${index}`, owner),
    );
    return {
      commands: read.filter((one) => 'module' in one),
      problems: read.filter((one) => 'error' in one),
    };
  } catch (thrown) {
    if (!(thrown instanceof SweeplineError)) throw thrown;
    return { commands: [], problems: [{ error: thrown }] };
  }
}

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** By hand: a schema library takes longer to load than all of `--help` does. */
function readCommand(
  value: unknown,
  key: string,
  owner: Pick<DeclaredCommand, 'package' | 'version' | 'folder'>,
): DeclaredCommand | CommandProblem {
  const { name, summary, module } = Object(value) as Readonly<Record<string, unknown>>;
  const named = typeof name === 'string' ? { name } : {};
  const problem = (message: string): CommandProblem => ({
    ...named,
    error: invalid(owner.package, `${key}.${message}`),
  });
  if (typeof name !== 'string' || !NAME.test(name)) return problem('name: expected a kebab-case name');
  if (typeof summary !== 'string' || summary.trim() === '')
    return problem('summary: expected one line of text');
  if (typeof module !== 'string' || !module.startsWith('./'))
    return problem('module: expected a path in the package, such as ./dist/command.js');
  const url = new URL(module, owner.folder).href;
  if (!url.startsWith(owner.folder)) return problem('module: expected a path that stays in the package');
  return { ...owner, name, summary: summary.trim().replaceAll(/\s+/g, ' '), module: url };
}

function invalid(name: string, problem: string): SweeplineError {
  return new SweeplineError('PLUGIN_INVALID', `package.json of ${name}: ${problem}`, {
    where: { plugin: name },
    hint: `Report this to the authors of ${name}.`,
  });
}

interface Found {
  /** Symbolic links resolved. */
  readonly folder: string;
  readonly manifest: unknown;
}

/** The package.json of a package that is installed where a file is, or at or above what a path names. */
async function manifestOf(name: string, fromFile: string): Promise<Found> {
  const isPath = /^(\.{0,2}\/|file:)/.test(name);
  const own = isPath ? undefined : await ownPackage(name, fromFile);
  if (own !== undefined) return own;
  for (const candidate of isPath ? foldersOfPath(name, fromFile) : foldersOfName(name, fromFile)) {
    const file = join(candidate, 'package.json');
    const text = await readFile(file, 'utf8').catch(ignoreAbsent(name, file));
    if (text === undefined) continue;
    try {
      return { folder: await realpath(candidate), manifest: JSON.parse(text) };
    } catch (cause) {
      throw invalid(name, `can't be read: ${fileProblem(cause)}`);
    }
  }
  throw new SweeplineError('PLUGIN_NOT_FOUND', `plugin package ${name} is not installed`, {
    where: { file: fromFile, key: 'plugins', plugin: name },
    hint: `npm install ${name}`,
  });
}

function ignoreAbsent(name: string, file: string): (cause: NodeJS.ErrnoException) => undefined {
  return (cause) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw invalid(name, `can't read ${file}: ${fileProblem(cause)}`);
  };
}

function foldersOfPath(name: string, fromFile: string): readonly string[] {
  return upwards(fileURLToPath(new URL(name, pathToFileURL(fromFile))));
}

/** The package that a file is a part of, by its own name: a plugin's package may be the workspace that it is tried in. */
async function ownPackage(name: string, fromFile: string): Promise<Found | undefined> {
  for (const folder of upwards(dirname(fromFile))) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const manifest = parsed(text);
    if ((Object(manifest) as { readonly name?: unknown }).name !== name) return undefined;
    return { folder: await realpath(folder), manifest };
  }
  return undefined;
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
