import { SweeplineError } from '../../errors.js';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

const FILE = 'package.json';
/** Where a package may be listed already. */
const LISTS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * The text of a package.json with these dependencies, by version, added to those it has: one that is there already stays as it is. With
 * no text, a new one. @throws {SweeplineError} CONFIG_SYNTAX for what is no package.json.
 */
export function withDependencies(text: string | undefined, wanted: Readonly<Record<string, string>>): string {
  if (text === undefined) return printed({ private: true, dependencies: sorted(wanted) }, 2, '\n');
  const manifest = parse(text);
  const listed = new Set(LISTS.flatMap((list) => Object.keys(Object(manifest[list]) as object)));
  const missing = Object.entries(wanted).filter(([name]) => !listed.has(name));
  if (missing.length === 0) return text;
  const dependencies = sorted({ ...manifest.dependencies, ...Object.fromEntries(missing) });
  return printed({ ...manifest, dependencies }, indentOf(text), /\n$/.test(text) ? '\n' : '');
}

function parse(text: string): Manifest {
  const invalid = (why: string, cause?: unknown): SweeplineError =>
    new SweeplineError('CONFIG_SYNTAX', `${FILE} can't be added to: ${why}`, {
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

/** As the file is indented. */
function indentOf(text: string): string | number {
  return /^([ \t]+)"/m.exec(text)?.[1] ?? 2;
}

function printed(manifest: object, indent: string | number, end: string): string {
  return `${JSON.stringify(manifest, undefined, indent)}${end}`;
}

function sorted(dependencies: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(dependencies).sort(([one], [other]) => (one < other ? -1 : 1)));
}
