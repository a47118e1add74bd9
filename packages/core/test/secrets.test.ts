import { Readable } from 'node:stream';
import { text as collect } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createMask, secretsIn } from '../src/secrets.js';

const KEY = 'sk-proj-0123456789abcdef';

describe('a secret of the environment', () => {
  it.each([
    'OPENAI_API_KEY',
    'HF_TOKEN',
    'HUGGING_FACE_HUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'DB_PASSWORD',
    'GOOGLE_CREDENTIALS',
    'wandbApiKey',
    'GHTOKEN',
    'vllm.api-key',
    'GITHUB_PAT',
    'NPM_CONFIG__AUTH',
  ])('is the value of %s', (name) => {
    expect(secretsIn({ [name]: KEY })).toEqual([KEY]);
  });

  it.each([
    'PATH',
    'MAX_NUM_BATCHED_TOKENS',
    'TOKENIZERS_PARALLELISM',
    'HF_TOKEN_PATH',
    'SSL_KEY_FILE',
    'MONKEYS',
  ])('is not that of %s', (name) => {
    expect(secretsIn({ [name]: KEY })).toEqual([]);
  });

  it('is the password in a URL', () => {
    expect(secretsIn({ HTTPS_PROXY: `http://user:${KEY}@proxy:8080/` })).toEqual([KEY]);
    expect(secretsIn({ DATABASE_URL: `postgres://:${KEY}@h/x`, URL: 'http://h:80801234/a:b@c' })).toEqual([
      KEY,
    ]);
  });

  it('is no short word, and no value that is not text', () => {
    expect(
      secretsIn({ OPENAI_API_KEY: 'EMPTY', HF_TOKEN: '   none    ', API_KEY: undefined, KEY: [KEY] }),
    ).toEqual([]);
  });
});

describe('a masked text', () => {
  it.each([
    ['as it is', `key ${KEY}!`, 'key ***!'],
    ['more than once', `${KEY} ${KEY}`, '*** ***'],
    ['once where it touches another', `${KEY}${KEY}`, '***'],
    ['not where there is none', 'nothing', 'nothing'],
  ])('lacks the secret %s', (_, text, masked) => {
    expect(createMask([KEY]).text(text)).toBe(masked);
  });

  it('lacks it as JSON and URLs write it, with or without its line end', () => {
    const secret = 'pass"word\\with/ü +&\n';
    const mask = createMask([secret]);

    const plain = secret.trim();
    for (const form of [plain, JSON.stringify(plain).slice(1, -1), encodeURIComponent(plain)]) {
      expect(mask.text(`a ${form} b`)).toBe('a *** b');
    }
  });

  it('lacks each line of a secret of several', () => {
    const mask = createMask(['first-line-of-it\nsecond-line-of-it\n']);

    expect(mask.text('x second-line-of-it\ny first-line-of-it')).toBe('x ***\ny ***');
  });

  it('shows no part of secrets that overlap, or of which one begins like the other', () => {
    expect(createMask(['abcdefgh', 'efghijkl']).text('-abcdefghijkl-')).toBe('-***-');
    expect(createMask(['abcdefgh', 'abcdefghijkl']).text('-abcdefghijkl-abcdefgh-')).toBe('-***-***-');
    expect(createMask(['aaaaaaaa']).text(`-${'a'.repeat(21)}-`)).toBe('-***-');
  });

  it('is what it was where nothing is known to be a secret', () => {
    expect(createMask([]).text('text')).toBe('text');
    expect(createMask(['']).text('text')).toBe('text');
  });
});

describe('masked data', () => {
  it('has masked texts, and its numbers and keys as they were', () => {
    const mask = createMask(['12345678']);

    expect(
      mask.data({ a: ['12345678', 12345678], '12345678': { b: 'x12345678' }, c: null, d: true }),
    ).toEqual({
      a: ['***', 12345678],
      '12345678': { b: 'x***' },
      c: null,
      d: true,
    });
  });
});

describe('a masked stream', () => {
  const SECRETS = [KEY, 'abcdefgh', 'efghijkl', 'schlüssel-zum-glück'];
  const TEXT = `a ${KEY} é ${KEY}${KEY} abcdefghijkl abcdefg schlüssel-zum-glück sk-proj-012 ${KEY}`;

  /** The text in pieces of so many bytes. */
  function pieces(bytes: number): readonly Buffer[] {
    const whole = Buffer.from(TEXT);
    return Array.from({ length: Math.ceil(whole.length / bytes) }, (_, i) =>
      whole.subarray(i * bytes, (i + 1) * bytes),
    );
  }

  it.each(Array.from({ length: 40 }, (_, index) => index + 1))(
    'is the masked text, in pieces of %d bytes',
    async (bytes) => {
      const mask = createMask(SECRETS);
      const masked = await collect(Readable.from(pieces(bytes)).pipe(mask.stream()));

      expect(masked).toBe(mask.text(TEXT));
    },
  );

  it.each([1, 7, 1000])('is asked for by whether it holds a secret, in pieces of %d bytes', (bytes) => {
    const holds = createMask([KEY]).detector();
    expect(pieces(bytes).map(holds)).toContain(true);

    const holdsNot = createMask(['another-secret']).detector();
    expect(pieces(bytes).map(holdsNot)).not.toContain(true);
  });
});
