import { Transform } from 'node:stream';

/** Stands where a secret stood. */
export const MASKED = '***';

/** Shorter values of variables are words that may stand anywhere. */
const SHORTEST = 8;
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'apikey',
  'auth',
  'bearer',
  'credential',
  'credentials',
  'key',
  'keys',
  'pass',
  'passphrase',
  'passwd',
  'password',
  'pat',
  'secret',
  'secrets',
  'token',
]);
const RUN_TOGETHER = /(apikey|token|secret|password)$/;
/** What such a name ends in is not the secret itself, but where it is. */
const PLACES: ReadonlySet<string> = new Set(['dir', 'file', 'path']);

/** Whether a variable holds a secret, by the words of its name: HF_TOKEN and apiKey do, MAX_TOKENS and KEY_FILE don't. */
function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (PLACES.has(words.at(-1) ?? '')) return false;
  return words.some((word) => SECRET_WORDS.has(word) || RUN_TOGETHER.test(word));
}

/** Values of the variables that hold secrets, and passwords in the URLs of others. */
export function secretsIn(env: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    const isSecret = value.trim().length >= SHORTEST && isSecretName(name);
    return isSecret ? [value] : passwordIn(value);
  });
}

/** Words that stand before the secret in a header. */
const SCHEMES: ReadonlySet<string> = new Set(['basic', 'bearer', 'digest', 'negotiate', 'token']);
/** Shortest secret of a header whose name says that it holds one. */
const SHORTEST_NAMED = 4;

/** Whether a header holds a secret, by its name. */
export function isSecretHeader(name: string): boolean {
  return isSecretName(name) || /^(proxy-)?authorization$|^cookie$/i.test(name);
}

/** A header's value, and those of its words that may be repeated without the rest. */
export function secretsInHeader(name: string, value: string): readonly string[] {
  const shortest = isSecretHeader(name) ? SHORTEST_NAMED : SHORTEST;
  return [value, ...value.split(/[\s;,=]+/)].filter(
    (part) => part.length >= shortest && !SCHEMES.has(part.toLowerCase()),
  );
}

/** `https://user:password@host`, as proxies and databases are given. */
function passwordIn(value: string): readonly string[] {
  const password = /^\s*[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s/@]+)@/i.exec(value)?.[1] ?? '';
  return password.length >= SHORTEST ? [password] : [];
}

/** Takes secrets out of what is published. */
export interface Mask {
  readonly text: (text: string) => string;
  /** A copy of plain data in which all texts are masked; keys and numbers stay. */
  data<T>(value: T): T;
  /** Whether there is anything to look for. */
  readonly isEmpty: boolean;
  /** Masks UTF-8 bytes as they pass, wherever they are cut. */
  stream(): Transform;
  /** Asks for piece after piece of a file whether the file has held a secret so far. */
  detector(): (bytes: Buffer) => boolean;
}

/** Masks the secrets as they are, as JSON and URLs write them, and each line of those with several. */
export function createMask(secrets: readonly string[]): Mask {
  const forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form !== '');
  const text = (whole: string): string => maskPart(whole, whole.length, NONE, forms).out;
  // Bytes are looked through as characters of one byte each.
  const patterns = forms.map((form) => Buffer.from(form).toString('latin1'));
  const longest = Math.max(1, ...patterns.map(({ length }) => length));
  return {
    text,
    data: <T>(value: T): T => mapTexts(value, text) as T,
    isEmpty: forms.length === 0,
    stream: () => maskStream(patterns, longest),
    detector() {
      const wanted = forms.map((form) => Buffer.from(form));
      let end: Buffer = Buffer.alloc(0);
      return (bytes) => {
        const seen = Buffer.concat([end, bytes]);
        end = seen.subarray(Math.max(0, seen.length - longest + 1));
        return wanted.some((form) => seen.includes(form));
      };
    },
  };
}

function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  return [secret.trim(), ...lines.filter(({ length }) => length >= SHORTEST)].flatMap((plain) => [
    plain,
    JSON.stringify(plain).slice(1, -1),
    // Through bytes, which have no half characters.
    encodeURIComponent(Buffer.from(plain).toString()),
  ]);
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map)]));
}

function maskStream(patterns: readonly string[], longest: number): Transform {
  let kept = '';
  let hidden = NONE;
  const take = (upTo: number): Buffer => {
    const { out, rest } = maskPart(kept, Math.max(0, upTo), hidden, patterns);
    kept = kept.slice(Math.max(0, upTo));
    hidden = rest;
    return Buffer.from(out, 'latin1');
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      kept += chunk.toString('latin1');
      // A secret that begins later may not be here to its end yet.
      done(undefined, take(kept.length - longest + 1));
    },
    flush: (done) => done(undefined, take(kept.length)),
  });
}

/** Where no secret reaches the border between two parts. */
const NONE = -1;

/**
 * Masks the first `end` characters of a text. Secrets that overlap or touch are masked as one.
 * @param hidden characters at the beginning that belong to a secret which is masked already; or NONE
 * @returns `rest`: the same of what comes after `end`
 */
function maskPart(
  text: string,
  end: number,
  hidden: number,
  patterns: readonly string[],
): { readonly out: string; readonly rest: number } {
  let out = '';
  /** Where the last secret ended. */
  let at = hidden;
  const plain = (to: number): string => text.slice(Math.max(0, at), Math.max(0, at, to));
  for (const { from, to } of occurrences(text, patterns)) {
    if (from >= end && from > at) break;
    if (from > at) out += `${plain(from)}${MASKED}`;
    at = Math.max(at, to);
  }
  return { out: out + plain(end), rest: at >= end ? at - end : NONE };
}

/** Where patterns are in a text, by where they begin. */
function occurrences(
  text: string,
  patterns: readonly string[],
): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const pattern of patterns) {
    for (let from = text.indexOf(pattern); from >= 0; from = text.indexOf(pattern, from + 1)) {
      found.push({ from, to: from + pattern.length });
    }
  }
  return found.sort((a, b) => a.from - b.from);
}
