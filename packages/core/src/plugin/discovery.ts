import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolve as resolveModule } from 'import-meta-resolve';
import { SweeplineError, messageOf } from '../errors.js';
import { checkPlugins } from './check.js';
import { declaresCommands } from './declared-commands.js';
import { guardPlugin } from './guard/guard-plugin.js';
import type { Owner } from './guard/owner.js';
import { rememberPackage } from '../watch/packages.js';
import { within } from '../watch/within.js';
import type { LoadedPlugin } from './registry.js';

/**
 * Loads plugin packages by name, as installed where `fromFile` is.
 * @throws {SweeplineError} PLUGIN_NOT_FOUND, PLUGIN_BROKEN or PLUGIN_INVALID; all problems of all packages at once.
 */
export async function loadPlugins(
  names: readonly string[],
  fromFile: string,
  notify: Owner['notify'],
): Promise<readonly LoadedPlugin[]> {
  const settled = await Promise.allSettled(names.map((name) => loadPackage(name, fromFile, notify)));
  const problems = settled.flatMap((outcome) =>
    outcome.status === 'rejected' ? [asProblem(outcome.reason)] : [],
  );
  const error = SweeplineError.together(problems, `${problems.length} plugin packages could not be loaded`);
  if (error !== undefined) throw error;
  return settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
}

async function loadPackage(
  name: string,
  fromFile: string,
  notify: Owner['notify'],
): Promise<readonly LoadedPlugin[]> {
  const url = await locate(name, fromFile);
  if (url === undefined) return [];
  const call = { plugin: `package ${name}`, package: name, call: 'import', limit: 'import' } as const;
  const manifest = await manifestOf(url);
  rememberPackage(name, manifest.folder);
  const exported = await within(call, () => importDefault(name, url), { notify });
  return checkPlugins(exported, name).map((plugin) => ({
    plugin: guardPlugin(plugin, { package: name, notify }),
    package: name,
    version: manifest.version,
  }));
}

/** The module of a package; undefined for one that has none, and commands alone. */
async function locate(name: string, fromFile: string): Promise<string | undefined> {
  try {
    return resolveModule(name, pathToFileURL(fromFile).href);
  } catch (cause) {
    if (await declaresCommands(name, fromFile)) return undefined;
    throw new SweeplineError('PLUGIN_NOT_FOUND', `plugin package ${name} is not installed`, {
      where: { file: fromFile, key: 'plugins', plugin: name },
      hint: `npm install ${name}`,
      cause,
    });
  }
}

/** @throws {SweeplineError} PLUGIN_BROKEN */
export async function importDefault(name: string, url: string): Promise<unknown> {
  try {
    const module = (await import(url)) as { readonly default?: unknown };
    return module.default;
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    throw new SweeplineError('PLUGIN_BROKEN', `plugin package ${name} can't be loaded: ${messageOf(cause)}`, {
      where: { plugin: name },
      hint: missing
        ? `Something it needs is missing: build it if it is in this workspace (npm run build), or install it again (npm install ${name}).`
        : `Install it again (npm install ${name}) or report this to its authors.`,
      cause,
    });
  }
}

interface Manifest {
  readonly version: string;
  /** What the addresses of the package's modules begin with: Node resolves symbolic links. */
  readonly folder: string;
}

/** From the nearest package.json at or above a module; where there is none, the module's own folder. */
async function manifestOf(url: string): Promise<Manifest> {
  const path = fileURLToPath(url);
  const file = await realpath(path).catch(() => path);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      const { version = 'unknown' } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
        version?: string;
      };
      return { version, folder: `${pathToFileURL(folder).href}/` };
    } catch {
      if (dirname(folder) === folder)
        return { version: 'unknown', folder: new URL('.', pathToFileURL(file)).href };
    }
  }
}

function asProblem(reason: unknown): SweeplineError {
  return reason instanceof SweeplineError
    ? reason
    : new SweeplineError('INTERNAL', messageOf(reason), { cause: reason });
}
