import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SweeplineError } from '../errors.js';
import { foldersOfName } from '../plugin/package-folders.js';

/** A package's name, with or without a version or tag: `@acme/plugin`, `@acme/plugin@2`. */
const REGISTRY_SPEC = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([^/:]+))?$/i;

/** A package on GitHub (`owner/repository`), at an address, or by an alias (`name@npm:other`). */
const ELSEWHERE = /^(?:[\w.-]+\/[\w.-]+(?:#\S+)?|[@\w./-]*[\w+]+:\S+)$/;

/** A package to install. */
export interface PackageSpec {
  /** The argument for npm: paths are absolute. */
  readonly text: string;
  /** The package's name, if the text contains it. */
  readonly name?: string;
  /** Whether any version is acceptable. */
  readonly anyVersion: boolean;
}

/**
 * @param cwd folder that paths are relative to
 * @throws {SweeplineError} USAGE for a path that doesn't exist, and for a text that npm doesn't accept
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
    hint: 'Use its name, with or without a version (@acme/plugin@2), a path that begins with ./ or /, or an address.',
  });
}

/** Whether a package of this name is installed where Node looks for it, starting at a file. */
export function isInstalled(name: string, fromFile: string): boolean {
  return foldersOfName(name, fromFile).some((folder) => existsSync(join(folder, 'package.json')));
}

/** The name of the installed package: the new dependency, or the one that had this path before. */
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
