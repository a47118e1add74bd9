import { EVENT_ID, getScalarValue, SCALAR_STYLE, type Event } from 'js-yaml';
import { isTextKey } from './scalars.js';

/** The position of a value in its text, and its members. */
export interface Place {
  /** For members of maps the start of the key, which is what a person has to look at; otherwise of the value. */
  readonly offset: number;
  readonly members: Map<string, Place>;
}

/** A structural problem of a text. */
export interface Flaw {
  readonly offset: number;
  readonly message: string;
}

export interface Index {
  readonly root: Place;
  /** Duplicate keys, and keys that aren't text. */
  readonly flaws: readonly Flaw[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The members of scalars; never changed. */
const NONE = new Map<string, Place>();

/** Finds the positions of all values of a document with limited depth. */
export function indexPlaces(source: string, events: readonly Event[]): Index {
  const flaws: Flaw[] = [];
  const anchors = new Map<string, Place>();
  let next = 1; // After the document's own event.
  let last = 0;

  function value(at?: number): Place {
    const event = events[next++];
    const holds = event?.type === EVENT_ID.SEQUENCE || event?.type === EVENT_ID.MAPPING;
    const place: Mutable<Place> = {
      offset: at ?? startOf(event) ?? last,
      members: holds ? new Map<string, Place>() : NONE,
    };
    last = place.offset;
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return place;
    const anchor = source.slice(event.anchorStart, event.anchorEnd);
    if (event.type === EVENT_ID.ALIAS) {
      place.members = anchors.get(anchor)?.members ?? place.members;
    } else if (anchor !== '') {
      anchors.set(anchor, place);
    }
    if (event.type === EVENT_ID.SEQUENCE) items(place);
    if (event.type === EVENT_ID.MAPPING) pairs(place);
    return place;
  }

  function items(place: Place): void {
    for (let index = 0; !ends(); index++) place.members.set(String(index), value());
    next++;
  }

  function pairs(place: Place): void {
    while (!ends()) {
      const event = events[next];
      const key = keyOf(source, event);
      const { offset } = value();
      const member = value(offset);
      const message = flawOf(key, place);
      if (message !== undefined) flaws.push({ offset, message });
      if (key !== undefined) place.members.set(key, member);
    }
    next++;
  }

  const ends = (): boolean => events[next] === undefined || events[next]?.type === EVENT_ID.POP;
  return { root: value(), flaws };
}

/** The text of a key; undefined if it isn't text. */
function keyOf(source: string, event: Event | undefined): string | undefined {
  if (event?.type !== EVENT_ID.SCALAR) return undefined;
  const key = getScalarValue(source, event);
  const plain = event.style === SCALAR_STYLE.PLAIN;
  return plain && !isTextKey(key) ? undefined : key;
}

function flawOf(key: string | undefined, { members }: Place): string | undefined {
  if (key === undefined) return 'expected a key that is text';
  if (key === '__proto__') return 'the key __proto__ is not allowed';
  return members.has(key) ? `the key "${key}" is given twice` : undefined;
}

function startOf(event: Event | undefined): number | undefined {
  switch (event?.type) {
    case EVENT_ID.SCALAR: {
      const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
      return event.valueStart < 0 ? undefined : event.valueStart - (quoted ? 1 : 0);
    }
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.start;
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    default:
      return undefined;
  }
}
