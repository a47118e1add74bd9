import { isDeepStrictEqual } from 'node:util';
import { SweeplineError } from '../../errors.js';
import { DEPENDENCY_LISTS } from '../../install/dependency-lists.js';

type Manifest = Readonly<Record<string, unknown>>;

const FILE = 'package.json';

/** The required parts of a package.json. */
export interface Lines {
  /** Versions by package. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

/**
 * The text of a package.json with these packages added; packages that it already lists keep their versions. Without a text, a new one.
 * @throws {SweeplineError} CONFIG_SYNTAX if the text is not a package.json.
 */
export function withLines(text: string | undefined, wanted: Lines): string {
  const manifest = text === undefined ? { private: true } : parse(text);
  const listed = DEPENDENCY_LISTS.flatMap((list) => Object.keys(Object(manifest[list]) as object));
  const changed = {
    ...manifest,
    ...added(manifest, 'dependencies', wanted.dependencies, listed),
    ...added(manifest, 'overrides', wanted.overrides, Object.keys(Object(manifest['overrides']) as object)),
  };
  if (text === undefined) return printed(changed, 2, '\n');
  return isDeepStrictEqual(changed, manifest)
    ? text
    : printed(changed, indentOf(text), /\n$/.test(text) ? '\n' : '');
}

/** A member with its missing entries; undefined if none is missing. */
function added(
  manifest: Manifest,
  member: keyof Lines,
  wanted: Readonly<Record<string, string>>,
  listed: readonly string[],
): Manifest {
  const missing = Object.entries(wanted).filter(([name]) => !listed.includes(name));
  if (missing.length === 0) return {};
  const all = Object.entries({ ...Object(manifest[member]), ...Object.fromEntries(missing) } as Manifest);
  return { [member]: Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1))) };
}

function parse(text: string): Manifest {
  const invalid = (why: string, cause?: unknown): SweeplineError =>
    new SweeplineError('CONFIG_SYNTAX', `can't add to ${FILE}: ${why}`, {
      where: { file: FILE },
      hint: 'Correct it first; nothing was written.',
      cause,
    });
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw invalid('it is not a JSON object');
    return value as Manifest;
  } catch (cause) {
    throw cause instanceof SweeplineError ? cause : invalid('it is not JSON', cause);
  }
}

/** The indentation of the file. */
function indentOf(text: string): string | number {
  return /^([ \t]+)"/m.exec(text)?.[1] ?? 2;
}

function printed(manifest: object, indent: string | number, end: string): string {
  return `${JSON.stringify(manifest, undefined, indent)}${end}`;
}
