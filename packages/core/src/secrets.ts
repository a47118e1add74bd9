import { Transform } from 'node:stream';

/** Replaces a secret. */
export const MASKED = '***';

/** Shorter values of variables are words that may appear anywhere. */
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
/** A name with such an ending holds the location of a secret, not the secret. */
const PLACES: ReadonlySet<string> = new Set(['dir', 'file', 'path']);

/** Whether a variable holds a secret, judged by the words of its name: HF_TOKEN and apiKey do, MAX_TOKENS and KEY_FILE don't. */
function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (PLACES.has(words.at(-1) ?? '')) return false;
  return words.some((word) => SECRET_WORDS.has(word) || RUN_TOGETHER.test(word));
}

/** Values of variables that hold secrets, and passwords in the URLs of others. */
export function secretsIn(env: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    const isSecret = value.trim().length >= SHORTEST && isSecretName(name);
    return isSecret ? [value] : passwordIn(value);
  });
}

/** Words before the secret in a header. */
const SCHEMES: ReadonlySet<string> = new Set(['basic', 'bearer', 'digest', 'negotiate', 'token']);
/** The shortest value of a header that counts as a secret, if its name says that it holds one. */
const SHORTEST_NAMED = 4;

/** Whether a header holds a secret, judged by its name. */
export function isSecretHeader(name: string): boolean {
  return isSecretName(name) || /^(proxy-)?authorization$|^cookie$/i.test(name);
}

/** A header's value, and those of its words that others might repeat alone. */
export function secretsInHeader(name: string, value: string): readonly string[] {
  const shortest = isSecretHeader(name) ? SHORTEST_NAMED : SHORTEST;
  return [value, ...value.split(/[\s;,=]+/)].filter(
    (part) => part.length >= shortest && !SCHEMES.has(part.toLowerCase()),
  );
}

/** `https://user:password@host`, the form of URLs for proxies and databases. */
function passwordIn(value: string): readonly string[] {
  const password = /^\s*[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s/@]+)@/i.exec(value)?.[1] ?? '';
  return password.length >= SHORTEST ? [password] : [];
}

/** Removes secrets from everything that is published. */
export interface Mask {
  readonly text: (text: string) => string;
  /** A copy of plain data with all texts masked; keys and numbers stay. */
  data<T>(value: T): T;
  /** Whether there are any secrets to mask. */
  readonly isEmpty: boolean;
  /** Masks secrets in a stream of UTF-8 bytes, wherever it is cut. */
  stream(): Transform;
  /** Called with one piece of a file after another; returns whether the file has held a secret so far. */
  detector(): (bytes: Buffer) => boolean;
}

/** Masks secrets as they are, in their JSON and URL forms, and each line of those with several. */
export function createMask(secrets: readonly string[]): Mask {
  const forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form !== '');
  const text = (whole: string): string => maskPart(whole, whole.length, NONE, forms).out;
  // Searches bytes as a text of one character per byte.
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
    // By way of bytes, because encodeURIComponent throws on half a surrogate pair.
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
      // A secret that begins later may not be complete yet.
      done(undefined, take(kept.length - longest + 1));
    },
    flush: (done) => done(undefined, take(kept.length)),
  });
}

/** No secret crosses the boundary between two parts. */
const NONE = -1;

/**
 * Masks the first `end` characters of a text. Secrets that overlap or touch are masked as one.
 * @param hidden number of characters at the beginning that belong to a secret which is already masked; or NONE
 * @returns `rest`: the same for the text after `end`
 */
function maskPart(
  text: string,
  end: number,
  hidden: number,
  patterns: readonly string[],
): { readonly out: string; readonly rest: number } {
  let out = '';
  /** End of the last secret. */
  let at = hidden;
  const plain = (to: number): string => text.slice(Math.max(0, at), Math.max(0, at, to));
  for (const { from, to } of occurrences(text, patterns)) {
    if (from >= end && from > at) break;
    if (from > at) out += `${plain(from)}${MASKED}`;
    at = Math.max(at, to);
  }
  return { out: out + plain(end), rest: at >= end ? at - end : NONE };
}

/** Where patterns occur in a text, sorted by their beginning. */
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
