import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { CLIENT_CHECKS } from '../../src/metrics/marks/client.js';
import { MACHINE_CHECKS } from '../../src/metrics/marks/machine.js';
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

it('has every mark of the client and its machine there', () => {
  const rows = page.match(/^\| `(slow-client|client-[a-z-]+|clock-shift|machine-shared)`/gm);
  expect(rows?.length).toBe(CLIENT_CHECKS.length + MACHINE_CHECKS.length);
});
