import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { loadMasterConfigs } from '../../src/config/load.js';
import { formatError, SweeplineError } from '../../src/errors.js';

const BIN = fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url));

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index));

const LEVELS = 30;
const ALMOST_TOO_LARGE = 1_000_000;

/** Harmful texts, and the expected messages. */
const HOSTILE: Readonly<Record<string, readonly [text: string | Uint8Array, message: RegExp]>> = {
  'a list of lists of aliases': [
    [
      'a0: &a0 [x]',
      ...times(LEVELS, (i) => `a${i + 1}: &a${i + 1} [${times(9, () => `*a${i}`).join(', ')}]`),
    ].join('\n'),
    /expands to more than 200000 values/,
  ],
  'a map of maps of aliases': [
    ['a0: &a0 {x: 1}', ...times(LEVELS, (i) => `a${i + 1}: &a${i + 1} {l: *a${i}, r: *a${i}}`)].join('\n'),
    /expands to more than 200000 values/,
  ],
  'merges of merges': [
    [
      'a0: &a0 {x0: 1}',
      ...times(LEVELS, (i) => `a${i + 1}: &a${i + 1} {<<: [*a${i}, *a${i}], x${i + 1}: 1}`),
    ].join('\n'),
    /expands to more than 200000 values/,
  ],
  'a list in itself': ['a: &a [*a]\n', /expands to more than 200000 values/],
  'ten megabytes': ['k: v\n'.repeat(2_000_000), /has 10000000 bytes; a config has at most 1048576/],
  'very many values': [`a: [${'1,'.repeat(ALMOST_TOO_LARGE / 2)}]`, /expands to more than 200000 values/],
  'very many mistakes': [
    times(60_000, (i) => `k${i}: {x: 1}`)
      .join('\n')
      .slice(0, ALMOST_TOO_LARGE),
    /missing field "image"|expands to more/,
  ],
  'very many keys that are wrong': [
    times(40_000, (i) => `k${i}: 1`).join('\n'),
    /expected a map of fields, got 1/,
  ],
  'very many anchors': [
    times(50_000, (i) => `k${i}: &a${i} x`).join('\n'),
    /expected a map of fields, got "x"/,
  ],
  'deep brackets': [`a: ${'['.repeat(100_000)}${']'.repeat(100_000)}`, /nested more than 32 levels deep/],
  'open brackets': [`a: ${'['.repeat(100_000)}`, /nested more than 32 levels deep/],
  'deep maps': [times(1000, (i) => `${' '.repeat(i)}a:`).join('\n'), /nested more than 32 levels deep/],
  'broken text': ['a: 1\n  : : [ } {\n'.repeat(50_000), /can't be read as YAML/],
  'text that breaks at its end': [
    `${times(30_000, (i) => `k${i}: {tp: 8, ep: 1}`).join('\n')}\nx: ]`,
    /can't be read as YAML/,
  ],
  'open quotes': ['a: "'.repeat(ALMOST_TOO_LARGE / 4), /can't be read as YAML/],
  tabs: ['a:\n\t\tb: 1\n'.repeat(ALMOST_TOO_LARGE / 12), /can't be read as YAML/],
  'anchors on anchors': [
    `a:\n${times(LEVELS, (i) => `${' '.repeat(i + 1)}&a${i}`).join('\n')}\n`,
    /can't be read as YAML/,
  ],
  'one long line': [`a: ${'x'.repeat(ALMOST_TOO_LARGE)}`, /got "x{59}…/],
  'long fields': [times(40, (i) => `k${i}: {${'x'.repeat(20_000)}: 1}`).join('\n'), /unknown field "xx/],
  'numbers as keys': ['1: a\n', /expected a key that is text/],
  'a prototype': ['__proto__: {polluted: 1}\n', /the key __proto__ is not allowed/],
  'a tag of code': ['a: !!js/function "function () {}"\n', /unknown scalar tag/],
  'several documents': ['a: 1\n---\nb: 2\n', /expected one document, got 2/],
  nothing: ['', /expected a map of config entries, got nothing/],
  'a comment': ['# nothing\n', /expected a map of config entries, got nothing/],
  'a list': ['- a\n', /expected a map of config entries, got a list of 1/],
  'a scalar': ['hello', /expected a map of config entries, got "hello"/],
  'a null byte': ['a: \0b\n', /can't be read as YAML/],
  'UTF-16': [Buffer.from('\uFEFFa: 1', 'utf16le'), /is not UTF-8 text/],
  'binary data': [Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256), /is not UTF-8 text/],
};

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-hostile-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('hostile YAML ends in a clear error', () => {
  it.each(Object.entries(HOSTILE))('%s', async (_, [text, message]) => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'a.yaml'), text);
      const thrown: unknown = await loadMasterConfigs(['a.yaml'], folder).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(SweeplineError);
      expect(formatError(thrown as SweeplineError)).toMatch(message);
      expect((thrown as SweeplineError).problems.length).toBeLessThanOrEqual(120);
    });
    expect({}).not.toHaveProperty('polluted');
  });

  it('all of it at once, in a process with 300 MB', async () => {
    await inFolder(async (folder) => {
      await Promise.all(
        Object.values(HOSTILE).map(([text], index) => writeFile(join(folder, `${index}.yaml`), text)),
      );
      const { exitCode, stdout } = await execa(
        process.execPath,
        ['--max-old-space-size=300', BIN, 'validate', '.', '--format', 'json'],
        { cwd: folder, reject: false, timeout: 60_000 },
      );
      expect(exitCode).toBe(3);
      const files = (JSON.parse(stdout) as readonly { readonly file: string }[]).map(({ file }) => file);
      expect(new Set(files).size).toBe(Object.keys(HOSTILE).length);
    });
  }, 90_000);
});
