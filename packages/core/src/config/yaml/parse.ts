import { constructFromEvents, EVENT_ID, parseEvents, YAMLException, type Event } from 'js-yaml';
import { messageOf, SweeplineError, type ErrorCode, type Where } from '../../errors.js';
import { LIMITS } from './limits.js';
import { indexPlaces, lineAndColumn, type Flaw, type Index, type Place } from './places.js';
import { LENIENT_SCHEMA, SCHEMA } from './scalars.js';
import { expandedSize } from './size.js';
import { syntaxFlaws } from './syntax.js';

/** The value of a YAML text, and where in it each part is. */
export interface Document {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  /** Keys that are given twice or aren't text; the value is still worth a check. */
  readonly problems: readonly SweeplineError[];
  /** The place of the value at a path of keys; of its nearest ancestor when it isn't in the text. */
  readonly at: (path: readonly PropertyKey[]) => Where;
}

/**
 * Reads YAML text. It is the fast parser that gives the value; where it fails, the one that goes on after errors says
 * what else is wrong.
 * @throws {SweeplineError} CONFIG_SYNTAX, with all problems of the text and their places.
 */
export async function parseYaml(text: string, file: string): Promise<Document> {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  let events: readonly Event[];
  try {
    events = parseEvents(source, { maxDepth: LIMITS.depth });
  } catch (thrown) {
    const own = flawOf(thrown);
    // What is nested too deeply would cost the other parser its stack.
    const flaws = own.message.startsWith('nesting') ? [] : await syntaxFlaws(source);
    throw together(source, file, flaws.length === 0 ? [own] : flaws);
  }
  checkDocuments(source, file, events);
  return documentOf(source, file, events);
}

function checkDocuments(source: string, file: string, events: readonly Event[]): void {
  const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
  if (documents > 1) {
    const offset = Math.max(source.search(/^---[ \t]*$/m), source.lastIndexOf('\n---') + 1);
    throw together(source, file, [{ offset, message: `expected one document, got ${documents}` }]);
  }
  if (expandedSize(source, events, LIMITS.nodes) > LIMITS.nodes) {
    const message = `stands for more than ${LIMITS.nodes} values, aliases expanded; that is no config`;
    throw together(source, file, [{ offset: 0, message }]);
  }
}

function documentOf(source: string, file: string, events: readonly Event[]): Document {
  const construct = (options: object): unknown => constructFromEvents([...events], { source, ...options })[0];
  let index: Index | undefined;
  const places = (): Index => (index ??= indexPlaces(source, events));
  const at = (path: readonly PropertyKey[]): Where => ({
    file,
    ...(path.length === 0 ? {} : { key: path.map(String).join('.') }),
    ...lineAndColumn(source, nearest(places().root, path).offset),
  });
  try {
    return { file, text: source, value: construct({ schema: SCHEMA }), problems: [], at };
  } catch (thrown) {
    const { flaws } = places();
    if (flaws.length === 0) throw together(source, file, [flawOf(thrown)]);
    const problems = flaws.map((flaw) => problemOf(source, file, flaw, 'CONFIG_INVALID'));
    try {
      const value = construct({ schema: LENIENT_SCHEMA, json: true });
      return { file, text: source, value, problems, at };
    } catch (other) {
      throw together(source, file, [...flaws, flawOf(other)]);
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

function problemOf(source: string, file: string, { offset, message }: Flaw, code: ErrorCode): SweeplineError {
  return new SweeplineError(code, message, { where: { file, ...lineAndColumn(source, offset) } });
}

function together(source: string, file: string, flaws: readonly Flaw[]): SweeplineError {
  const problems = flaws
    .slice(0, LIMITS.problems)
    .map((flaw) =>
      problemOf(
        source,
        file,
        { ...flaw, message: `can't be read as YAML: ${flaw.message}` },
        'CONFIG_SYNTAX',
      ),
    );
  const [first] = problems;
  if (first !== undefined && problems.length === 1) return first;
  return new SweeplineError('CONFIG_SYNTAX', `${file} can't be read as YAML`, { where: { file }, problems });
}
