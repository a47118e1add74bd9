import { LineCounter, isNode, isPair, isMap, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { SweeplineError, type Where } from '../errors.js';

/** A checked file, and where in it a value is. */
export interface Located<T> {
  readonly file: string;
  readonly value: T;
  /** The place of the value at a path of keys; of its nearest ancestor when it isn't in the file. */
  at(path: readonly PropertyKey[]): Where;
}

/**
 * Parses YAML text and checks it.
 * @throws {SweeplineError} CONFIG_SYNTAX or CONFIG_INVALID, with every problem of the file and its place.
 */
export function parseYaml<S extends z.ZodType>(text: string, file: string, schema: S): Located<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (path: readonly PropertyKey[]): Where => ({
    file,
    key: keyOf(path),
    ...placeOf(document, lines, path),
  });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return new SweeplineError('CONFIG_SYNTAX', error.message, { where: { file, line, column: col } });
    });
    throw together('CONFIG_SYNTAX', file, problems);
  }
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!parsed.success)
    throw together(
      'CONFIG_INVALID',
      file,
      parsed.error.issues.flatMap((issue) => problemsOf(issue, 'CONFIG_INVALID', at)),
    );
  return { file, value: parsed.data, at };
}

function together(
  code: 'CONFIG_SYNTAX' | 'CONFIG_INVALID',
  file: string,
  problems: readonly SweeplineError[],
): SweeplineError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new SweeplineError(code, `${file} has ${count}`, { where: { file }, problems });
}

/** A zod issue as problems of a file: one for each unknown key, one for anything else. */
export function problemsOf(
  issue: z.core.$ZodIssue,
  code: 'CONFIG_INVALID' | 'OPTIONS_INVALID',
  at: (path: readonly PropertyKey[]) => Where,
): readonly SweeplineError[] {
  if (issue.code !== 'unrecognized_keys') {
    return [new SweeplineError(code, issue.message, { where: at(issue.path) })];
  }
  const hint = 'Remove it or correct its spelling.';
  return issue.keys.map(
    (key) => new SweeplineError(code, `unknown key ${key}`, { where: at([...issue.path, key]), hint }),
  );
}

function keyOf(path: readonly PropertyKey[]): string | undefined {
  return path.length === 0 ? undefined : path.map(String).join('.');
}

function placeOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): Where {
  for (let length = path.length; length >= 0; length--) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset === undefined) continue;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  }
  return {};
}

/** Start of the key at a path where there is one (that is what a person has to look at), else of the value. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const last = path.at(-1);
    const pair = parent.items.find(
      (item) => isPair(item) && isNode(item.key) && String(item.key) === String(last),
    );
    if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0];
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}
