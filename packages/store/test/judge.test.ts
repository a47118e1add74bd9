import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { learnNoise } from '../src/compare/noise-model.js';
import { noiseModelOf, type LearntNoise } from '../src/judge.js';

test('judging takes nothing that a browser lacks', async () => {
  const entry = fileURLToPath(new URL('../src/judge.ts', import.meta.url));
  const { metafile, warnings } = await build({
    ...{ entryPoints: [entry], bundle: true, write: false, metafile: true, logLevel: 'silent' },
    ...{ platform: 'browser', format: 'esm' },
  });
  expect(warnings).toEqual([]);
  expect(
    Object.keys(metafile.inputs).filter((file) => /duckdb|node_modules|core\/dist\/bundle/.test(file)),
  ).toEqual([]);
});

test('a noise model that went through JSON is the same, in a cell that it knows and in another', () => {
  const repeats = Array.from({ length: 40 }, (_, at) => ({
    cell: at % 4 === 0 ? '__proto__' : 'b200 sglang',
    difference: (at % 3 === 0 ? 0.002 : 0.01) * Math.sin(at * 7),
    isSameNode: at % 3 === 0,
  }));
  const model = learnNoise(repeats)!;
  const again = noiseModelOf(JSON.parse(JSON.stringify(model.learnt)) as LearntNoise);
  expect([again.repeats, again.cells]).toEqual([40, 2]);
  for (const cell of ['__proto__', 'b200 sglang', 'another'])
    for (const sides of [{ runs: [1, 1] }, { runs: [1, 3] }, { runs: [1, 1], isSameNode: true }] as const)
      expect(again.noiseOf(cell, sides).quantile(0.975)).toBe(model.noiseOf(cell, sides).quantile(0.975));
  expect(again.nodes).toEqual(model.nodes);
  // A cell of its own is not what is usual.
  expect(again.noiseOf('another').quantile(0.975)).not.toBe(again.noiseOf('b200 sglang').quantile(0.975));
});
