import { constructFromEvents, EVENT_ID, parseEvents, YAMLException, type Event } from 'js-yaml';
import { messageOf, SweeplineError, type ErrorCode, type Where } from '../../errors.js';
import { LIMITS } from './limits.js';
import { createLineFinder } from './lines.js';
import { indexPlaces, type Flaw, type Index, type Place } from './places.js';
import { LENIENT_SCHEMA, SCHEMA } from './scalars.js';
import { expandedSize } from './size.js';
import { syntaxFlaws } from './syntax.js';

/** The value of a YAML text, and the position of each part. */
export interface Document {
  readonly file: string;
  readonly value: unknown;
  /** Duplicate keys, and keys that aren't text; the value can still be checked. */
  readonly problems: readonly SweeplineError[];
  /** The position of the value at a path of keys, or of its nearest ancestor if it isn't in the text. */
  readonly at: (path: readonly PropertyKey[]) => Where;
}

/** A text that is being parsed. */
interface Source {
  readonly file: string;
  readonly text: string;
  readonly where: (offset: number) => Where;
}

/**
 * Parses YAML text. A fast parser gives the value; if it fails, another one that continues after mistakes finds all of them.
 * @throws {SweeplineError} CONFIG_SYNTAX or CONFIG_INVALID, with all problems of the text and their positions.
 */
export async function parseYaml(text: string, file: string): Promise<Document> {
  const find = createLineFinder(text);
  const source: Source = { file, text, where: (offset) => ({ file, ...find(offset) }) };
  const events = await eventsOf(source);
  checkSize(source, events);
  return documentOf(source, events);
}

async function eventsOf(source: Source): Promise<readonly Event[]> {
  try {
    return parseEvents(source.text, { maxDepth: LIMITS.depth });
  } catch (thrown) {
    const own = flawOf(thrown);
    // Text that is nested too deeply would overflow the other parser's stack.
    if (own.message.startsWith('nesting')) {
      throw invalid(source, [
        { ...own, message: `the text is nested more than ${LIMITS.depth} levels deep` },
      ]);
    }
    const flaws = await syntaxFlaws(source.text, own.offset);
    throw unreadable(source, flaws.length === 0 ? [own] : flaws);
  }
}

function checkSize(source: Source, events: readonly Event[]): void {
  const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
  if (documents > 1) {
    const offset = Math.max(0, source.text.lastIndexOf('\n---') + 1);
    throw invalid(source, [{ offset, message: `expected one document, got ${documents}` }]);
  }
  if (expandedSize(source.text, events, LIMITS.nodes) > LIMITS.nodes) {
    const message = `the file expands to more than ${LIMITS.nodes} values (including aliases), which is too large for a config`;
    throw invalid(source, [{ offset: 0, message }]);
  }
}

function documentOf(source: Source, events: readonly Event[]): Document {
  let index: Index | undefined;
  const places = (): Index => (index ??= indexPlaces(source.text, events));
  const at = (path: readonly PropertyKey[]): Where => ({
    ...source.where(nearest(places().root, path).offset),
    ...(path.length === 0 ? {} : { key: path.map(String).join('.') }),
  });
  const construct = (options: object): unknown =>
    constructFromEvents([...events], { source: source.text, ...options })[0];
  try {
    return { file: source.file, value: construct({ schema: SCHEMA }), problems: [], at };
  } catch (thrown) {
    const { flaws } = places();
    if (flaws.length === 0) throw unreadable(source, [flawOf(thrown)]);
    try {
      const value = construct({ schema: LENIENT_SCHEMA, json: true });
      return { file: source.file, value, problems: problemsOf(source, flaws, 'CONFIG_INVALID'), at };
    } catch {
      throw invalid(source, flaws);
    }
  }
}

function nearest(root: Place, path: readonly PropertyKey[]): Place {
  let place = root;
  for (const key of path) {
    const member = place.members.get(String(key));
    if (member === undefined) break;
    place = member;
  }
  return place;
}

function flawOf(thrown: unknown): Flaw {
  if (!(thrown instanceof YAMLException)) return { offset: 0, message: messageOf(thrown) };
  return { offset: thrown.mark?.position ?? 0, message: thrown.reason };
}

function problemsOf(source: Source, flaws: readonly Flaw[], code: ErrorCode): readonly SweeplineError[] {
  return flaws
    .slice(0, LIMITS.problems)
    .map(({ offset, message }) => new SweeplineError(code, message, { where: source.where(offset) }));
}

function unreadable(source: Source, flaws: readonly Flaw[]): SweeplineError {
  const worded = flaws.map((flaw) => ({ ...flaw, message: `can't be read as YAML: ${flaw.message}` }));
  return together(source, problemsOf(source, worded, 'CONFIG_SYNTAX'));
}

function invalid(source: Source, flaws: readonly Flaw[]): SweeplineError {
  return together(source, problemsOf(source, flaws, 'CONFIG_INVALID'));
}

function together({ file }: Source, problems: readonly SweeplineError[]): SweeplineError {
  const [first] = problems;
  if (first !== undefined && problems.length === 1) return first;
  const code = first?.code ?? 'CONFIG_SYNTAX';
  return new SweeplineError(code, `${problems.length} problems in ${file}`, { where: { file }, problems });
}
