import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { SweeplineError } from '@sweepline/core';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { marksOf } from './result-marks.js';
import type { AuditContext, AuditEntry, AuditFile } from './rule.js';

const SKIPPED = new Set(['node_modules', '.git', 'dist', 'golden_al_distribution']);
const READ = /\.(?:sh|bash|ya?ml)$|^result\.json$/;
/** What people wrote about changes names flags that no engine gets. */
const PROSE = /changelog\.ya?ml$/;
const LARGEST_BYTES = 4 * 1024 * 1024;
const MOST_FILES = 20_000;

export interface Tree {
  readonly files: readonly AuditFile[];
  readonly context: AuditContext;
  /** Files that could not be checked, and why. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
}

/**
 * The shell scripts, YAML files and results of a folder, or one file; links are not followed.
 * @param without a folder that is left out
 * @throws {SweeplineError} CONFIG_NOT_FOUND, or LIMIT_REACHED for a folder with too many files
 */
export async function readTree(root: string, signal: AbortSignal, without?: string): Promise<Tree> {
  const found = await stat(root).catch((cause: unknown) => {
    throw new SweeplineError('CONFIG_NOT_FOUND', `can't read ${root}`, { where: { file: root }, cause });
  });
  const folder = found.isDirectory() ? root : join(root, '..');
  const paths = found.isDirectory() ? await pathsIn(root, without) : [root];
  const files: AuditFile[] = [];
  const skipped: { path: string; why: string }[] = [];
  for (const path of paths) {
    signal.throwIfAborted();
    const name = relative(folder, path).split(sep).join('/');
    const read = await readText(path).catch((error: unknown) => ({ why: String(error) }));
    if (typeof read === 'string') files.push(fileOf(name, read));
    else skipped.push({ path: name, why: read.why });
  }
  return { files, context: await contextOf(folder), skipped };
}

async function pathsIn(root: string, without: string | undefined): Promise<readonly string[]> {
  const paths: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const one of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, one.name);
      if (one.isDirectory() && !SKIPPED.has(one.name) && path !== without) folders.push(path);
      if (one.isFile() && READ.test(one.name) && !PROSE.test(one.name)) paths.push(path);
    }
    if (paths.length > MOST_FILES)
      throw new SweeplineError('LIMIT_REACHED', `${root} has more than ${MOST_FILES} files to audit`, {
        hint: 'Name a folder below it.',
      });
  }
  return paths.sort();
}

async function readText(path: string): Promise<string | { readonly why: string }> {
  const { size } = await stat(path);
  if (size > LARGEST_BYTES) return { why: `it has more than ${LARGEST_BYTES} bytes` };
  return readFile(path, 'utf8');
}

export function fileOf(path: string, text: string): AuditFile {
  const lines = text.split(/\r?\n/).map(withoutProse);
  const [isYaml, isResult] = [/\.ya?ml$/.test(path), path.endsWith('result.json')];
  return {
    ...{ path, text, lines: isResult ? [] : lines },
    entries: isYaml ? entriesOf(text) : [],
    marks: isResult ? marksOf(text) : [],
  };
}

/** Comments, and what a script says, do nothing. */
function withoutProse(line: string): string {
  if (/^\s*#/.test(line)) return '';
  return line.replace(/\s#\s.*$/, '').replace(/\becho\s+"[^"]*"/g, 'echo');
}

/** Entries of what looks like a master config; other YAML, and what is none, has no entries. */
function entriesOf(text: string): readonly AuditEntry[] {
  if (!/^\s+framework:/m.test(text)) return [];
  const counter = new LineCounter();
  const { contents, errors } = parseDocument(text, { lineCounter: counter });
  if (errors.length > 0 || !isMap(contents)) return [];
  return contents.items.flatMap(({ key, value }) => {
    if (!isMap(value) || !isScalar(key)) return [];
    const [framework, image, node] = [value.get('framework'), value.get('image'), value.get('image', true)];
    if (typeof framework !== 'string' || typeof image !== 'string') return [];
    const lineOf = (one: unknown): number =>
      isScalar(one) && one.range ? counter.linePos(one.range[0]).line : 1;
    return [
      {
        key: String(key.value),
        framework,
        image,
        imageLine: lineOf(node),
        lengths: lengthsOf(value, lineOf),
      },
    ];
  });
}

function lengthsOf(entry: YAMLMap, lineOf: (node: unknown) => number): AuditEntry['lengths'] {
  const list = entry.get('seq-len-configs') ?? entry.getIn(['scenarios', 'fixed-seq-len']);
  if (!isSeq(list)) return [];
  return list.items.flatMap((one) => {
    if (!isMap(one)) return [];
    const [isl, osl] = [one.get('isl'), one.get('osl')];
    return typeof isl === 'number' && typeof osl === 'number'
      ? [{ isl, osl, line: lineOf(one.get('isl', true)) }]
      : [];
  });
}

async function contextOf(folder: string): Promise<AuditContext> {
  const golden = join(folder, 'golden_al_distribution');
  const names = await readdir(golden).catch(() => undefined);
  const texts = await Promise.all(
    (names ?? []).filter((name) => /\.ya?ml$/.test(name)).map((name) => readFile(join(golden, name), 'utf8')),
  );
  const lengths = texts.flatMap((text) =>
    Array.from(text.matchAll(/^\s+\d+:\s*([\d.]+)/gm), ([, value]) => Number(value).toFixed(2)),
  );
  const models = await readFile(join(folder, 'MODELS.md'), 'utf8').catch(() => '');
  const deprecated = models.matchAll(
    /^\|[^|]*\b(\d+k\d+k)\s*\|[^|]*\|\s*\*\*Deprecated for all models\*\*/gm,
  );
  return {
    goldenLengths: names === undefined ? undefined : new Set(lengths),
    deprecated: new Set(Array.from(deprecated, ([, name = '']) => name)),
  };
}
