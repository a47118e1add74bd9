import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from '../../../src/metrics/definitions/index.js';
import { failed } from '../run.js';
import { both, recompute, runWith } from './recompute.js';

describe('every definition', () => {
  it.each(DEFINITIONS)('$name says where each number comes from, and makes none of nothing', (definition) => {
    const { values, unknown } = definition.recompute(runWith(both, {}), {});
    expect(values.filter(({ source }) => !/\.py|Source: \S/.test(source))).toEqual([]);
    const keys = [...values, ...unknown].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const none = definition.recompute(runWith([failed()], {}), {});
    for (const { key, value } of none.values.filter(({ value }) => value === 0)) {
      expect([key, value]).toEqual([
        expect.stringMatching(/completed|count|successful|incomplete|throughput|rate|per_second/),
        0,
      ]);
    }
  });

  it.each(DEFINITIONS)('$name has its headlines among its numbers', (definition) => {
    const { values } = definition.recompute(runWith(both, {}), {});
    for (const path of Object.values(definition.headlines)) {
      const [key, statistic = ''] = path.split(':');
      const value = values.find((reported) => reported.key === key)?.value;
      expect([path, typeof value === 'object' ? value[statistic] : value]).toEqual([
        path,
        expect.any(Number),
      ]);
    }
  });

  it('gives our own numbers with what to know about them', () => {
    const { values, notes } = recompute('sweepline', both, { api: 'completions' });
    expect(values).toContainEqual(expect.objectContaining({ key: 'mean_ttft_ms', unit: 'ms', value: 75 }));
    expect(notes.join()).toMatch(/p99 and beyond of 2 requests/);
  });
});
