import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SweeplineError } from '../errors.js';
import { foldersOfName } from '../plugin/package-folders.js';

/** A package's name, alone or with a version or tag: `@acme/plugin`, `@acme/plugin@2`. */
const REGISTRY_SPEC = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([^/:]+))?$/i;

/** A package on GitHub (`owner/repository`), at an address, or by an alias (`name@npm:other`). */
const ELSEWHERE = /^(?:[\w.-]+\/[\w.-]+(?:#\S+)?|[@\w./-]*[\w+]+:\S+)$/;

/** What npm is asked to install. */
export interface PackageSpec {
  /** As npm is given it: paths are absolute. */
  readonly text: string;
  /** The package's name, where the text says it. */
  readonly name?: string;
  /** Whether any version will do. */
  readonly anyVersion: boolean;
}

/**
 * @param cwd what paths are relative to
 * @throws {SweeplineError} USAGE for a path where nothing is, and for what npm has no meaning for
 */
export function parseSpec(text: string, cwd: string): PackageSpec {
  if (/^\.{0,2}\/|^\.{1,2}$|\.tgz$/.test(text) && !text.includes(':')) {
    const path = resolve(cwd, text);
    if (!existsSync(path)) throw new SweeplineError('USAGE', `there is no package at ${path}`);
    return { text: path, anyVersion: false };
  }
  const [, name, version] = REGISTRY_SPEC.exec(text) ?? [];
  if (name !== undefined) return { text, name, anyVersion: version === undefined };
  if (ELSEWHERE.test(text)) return { text, anyVersion: false };
  throw new SweeplineError('USAGE', `${text} is not the name of a package`, {
    hint: 'Give its name, with a version if need be (@acme/plugin@2), a path that begins with ./ or /, or an address.',
  });
}

/** Whether a package of this name is installed where Node looks for it from a file. */
export function isInstalled(name: string, fromFile: string): boolean {
  return foldersOfName(name, fromFile).some((folder) => existsSync(join(folder, 'package.json')));
}

/** The name of what was installed: what a package depends on since, or what it depended on by this path before. */
export function installedName(
  { name, text }: PackageSpec,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  folder: string,
): string | undefined {
  if (name !== undefined && name in after) return name;
  const changed = Object.keys(after).find((one) => after[one] !== before[one]);
  const samePath = Object.keys(after).find((one) => pathOf(after[one], folder) === text);
  return changed ?? samePath;
}

function pathOf(asked: string | undefined, folder: string): string | undefined {
  return asked?.startsWith('file:') === true ? resolve(folder, asked.slice('file:'.length)) : undefined;
}
