import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** A package's name, alone or with a version or tag: `@acme/plugin`, `@acme/plugin@2`. */
const REGISTRY_SPEC = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([^/:]+))?$/i;

/** What npm is asked to install. */
export interface PackageSpec {
  /** As npm is given it: paths are absolute. */
  readonly text: string;
  /** The package's name, where the text says it. */
  readonly name?: string;
  /** Whether any version will do. */
  readonly anyVersion: boolean;
}

/** @param cwd what paths are relative to */
export function parseSpec(text: string, cwd: string): PackageSpec {
  const isPath = /^\.{0,2}\//.test(text) || text === '.' || text === '..' || isAbsolute(text);
  if (isPath) return { text: resolve(cwd, text), anyVersion: false };
  const [, name, version] = REGISTRY_SPEC.exec(text) ?? [];
  if (name === undefined || text.endsWith('.tgz')) return { text, anyVersion: false };
  return { text, name, anyVersion: version === undefined };
}

/** Whether a package of this name is installed where Node looks for it from a file. */
export function isInstalled(name: string, fromFile: string): boolean {
  for (let folder = dirname(fromFile); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', name, 'package.json'))) return true;
    if (dirname(folder) === folder) return false;
  }
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
