// @ts-check
/** Artifacts of a run, as GitHub's actions keep them. */
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What lies at the paths, below the folder that they have in common. Hidden files stay.
 * @param {string} store folder of the run's artifacts @param {string} workspace @param {Readonly<Record<string, string>>} given
 */
export function upload(store, workspace, { name = '', path = '', 'if-no-files-found': missing }) {
  const patterns = path
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const roots = patterns.map(rootOf);
  const common = roots.length === 1 ? (roots[0] ?? '') : commonOf(roots);
  const found = patterns.flatMap((pattern) => filesAt(workspace, pattern));
  if (found.length === 0 && missing === 'error') throw new Error(`nothing to upload for ${name}`);
  if (found.length === 0) return;
  if (existsSync(join(store, name))) throw new Error(`there is an artifact ${name} already`);
  for (const file of found) {
    const to = join(store, name, file.slice(common.length));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(workspace, file), to);
  }
}

/** @param {string} store @param {string} workspace @param {Readonly<Record<string, string>>} given @returns {boolean} false for a named one that isn't there */
export function download(store, workspace, { name, pattern, path = '.' }) {
  if (name !== undefined) {
    if (!existsSync(join(store, name))) return false;
    cpSync(join(store, name), join(workspace, path), { recursive: true });
    return true;
  }
  const isWanted = patternOf(pattern ?? '*');
  for (const one of existsSync(store) ? readdirSync(store) : [])
    if (isWanted.test(one)) cpSync(join(store, one), join(workspace, path, one), { recursive: true });
  return true;
}

/** Files of a workspace, by a path or a pattern. @param {string} workspace @param {string} pattern @returns {readonly string[]} */
function filesAt(workspace, pattern) {
  const root = rootOf(pattern);
  const at = join(workspace, root);
  if (!existsSync(at)) return [];
  if (statSync(at).isFile()) return [root];
  const all = readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(workspace.length + 1))
    .filter((file) => !file.split('/').some((part) => part.startsWith('.')));
  return pattern.includes('*') ? all.filter((file) => patternOf(pattern).test(file)) : all;
}

/** The part before the first sign of a pattern. @param {string} pattern */
function rootOf(pattern) {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => part.includes('*'));
  return (first < 0 ? parts : parts.slice(0, first)).join('/');
}

/** @param {readonly string[]} paths */
function commonOf(paths) {
  const [first = [], ...others] = paths.map((path) => path.split('/'));
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (end < 0 ? first : first.slice(0, end)).join('/');
}

/** @param {string} pattern */
function patternOf(pattern) {
  const text = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('**/', '\0')
    .replaceAll('**', '\x01')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?')
    .replaceAll('\x01', '.*');
  return new RegExp(`^${text}$`);
}
