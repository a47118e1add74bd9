import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolve as resolveModule } from 'import-meta-resolve';
import { SweeplineError, messageOf } from '../errors.js';
import { checkPlugins } from './check.js';
import type { LoadedPlugin } from './registry.js';

/**
 * Loads plugin packages by name, as installed where `fromFile` is.
 * @throws {SweeplineError} PLUGIN_NOT_FOUND, PLUGIN_BROKEN or PLUGIN_INVALID; all problems of all packages at once.
 */
export async function loadPlugins(
  names: readonly string[],
  fromFile: string,
): Promise<readonly LoadedPlugin[]> {
  const settled = await Promise.allSettled(names.map((name) => loadPackage(name, fromFile)));
  const problems = settled.flatMap((outcome) =>
    outcome.status === 'rejected' ? [asProblem(outcome.reason)] : [],
  );
  const [first] = problems;
  if (first !== undefined) {
    if (problems.length === 1) throw first;
    throw new SweeplineError(first.code, `${problems.length} plugin packages could not be loaded`, {
      problems,
    });
  }
  return settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
}

async function loadPackage(name: string, fromFile: string): Promise<readonly LoadedPlugin[]> {
  const url = locate(name, fromFile);
  const exported = await importDefault(name, url);
  const version = await versionOf(url);
  return checkPlugins(exported, name).map((plugin) => ({ plugin, package: name, version }));
}

function locate(name: string, fromFile: string): string {
  try {
    return resolveModule(name, pathToFileURL(fromFile).href);
  } catch (cause) {
    throw new SweeplineError('PLUGIN_NOT_FOUND', `plugin package ${name} is not installed`, {
      where: { file: fromFile, key: 'plugins', plugin: name },
      hint: `npm install ${name}`,
      cause,
    });
  }
}

async function importDefault(name: string, url: string): Promise<unknown> {
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

/** The version in the nearest package.json at or above a module. */
async function versionOf(url: string): Promise<string> {
  for (let folder = dirname(fileURLToPath(url)); ; folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
        version?: string;
      };
      return manifest.version ?? 'unknown';
    } catch {
      if (dirname(folder) === folder) return 'unknown';
    }
  }
}

function asProblem(reason: unknown): SweeplineError {
  return reason instanceof SweeplineError
    ? reason
    : new SweeplineError('INTERNAL', messageOf(reason), { cause: reason });
}
