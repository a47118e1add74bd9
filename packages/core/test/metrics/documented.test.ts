import { readFile, readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { CLIENT_CHECKS } from '../../src/metrics/marks/client.js';
import { builtinMetrics } from '../../src/metrics/builtin/index.js';
import { DEFINITIONS } from '../../src/metrics/definitions/index.js';

const page = await readFile(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');

it('has every number of a run in the documentation', () => {
  const stems = builtinMetrics
    .flatMap(({ outputs }) => outputs.map(({ key }) => key))
    .map((key) =>
      key.replace(/^(mean|median|std|p[\d.]+)_(?!concurrency)/, '').replace(/^server_.*/, 'server_'),
    )
    .map((stem) => (/^steady_(ttft|tpot|itl|e2el)_ms$/.test(stem) ? 'steady_{ttft,tpot,itl,e2el}_ms' : stem));
  expect([...new Set(stems)].filter((stem) => !page.includes(stem))).toEqual([]);
});

it('has every definition and its version there', () => {
  const versions = DEFINITIONS.flatMap(
    ({ source }) => source.match(/\b([0-9a-f]{12}|\d+\.\d+\.\d+)\b/g) ?? [],
  );
  expect(versions.filter((version) => !page.includes(version))).toEqual([]);
});

/** Marks are created by `note` and `invalid`, or as literals; their codes are always literals. */
const MARK = /\b(?:note|invalid)\(\s*'([a-z-]+)'|\bcode: '([a-z-]+)', severity\b/g;

it('has every mark there, and no other', async () => {
  const source = new URL('../../src/', import.meta.url);
  const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, source), 'utf8')));
  const made = texts
    .filter((text) => /\/mark\.js'|severity: '/.test(text))
    .flatMap((text) => [...text.matchAll(MARK)].map(([, a, b]) => a ?? b ?? ''));
  expect(made.length).toBeGreaterThan(CLIENT_CHECKS.length);
  const marks = page.slice(page.indexOf('### Marks'), page.indexOf('A caveat limits'));
  const listed = [...marks.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code ?? '');
  expect(listed.sort()).toEqual([...new Set(made)].sort());
});
