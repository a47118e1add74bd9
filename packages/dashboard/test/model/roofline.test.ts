import { describe, expect, it } from 'vitest';
import { activeParameters, MODEL_FACTS } from '../../src/model/roofline/model-facts.js';
import { distinctOf, rooflineOf, type RooflinePoint } from '../../src/model/roofline/roofline.js';
import type { SiteHardware } from '../../src/site/site-data.js';

const facts = (prefix: string) => MODEL_FACTS.find((one) => one.prefix === prefix)!;
const point: RooflinePoint = {
  ...{ modelPrefix: 'dsr1', precision: 'fp8', specDecoding: 'none' },
  ...{ isl: 1024, osl: 1024, concurrency: 64 },
};
const hardware: SiteHardware = {
  ...{ sku: 'h200', vendor: 'nvidia', device: 'gpu', devicesPerNode: 8, sources: [] },
  ...{ memoryBandwidthGBps: 4800, flops: { bf16: 989e12, fp8: 1978e12 } },
};

describe('facts of models', () => {
  it.each([
    // The published counts: 671 B and 37 B of DeepSeek-R1, 116.8 B and 5.1 B of gpt-oss-120b.
    ['dsr1', 671e9, 37e9],
    ['gptoss', 116.8e9, 5.1e9],
  ])(
    '%s: parameters from its layers are the published ones, but for the embedding',
    (prefix, total, active) => {
      const { experts, expertParameters, expertLayers, otherParameters } = facts(prefix);
      const all = otherParameters + experts * expertParameters * expertLayers;
      expect(all / total).toBeGreaterThan(0.99);
      expect(all / total).toBeLessThan(1.001);
      expect(activeParameters(facts(prefix)) / active).toBeGreaterThan(0.98);
      expect(activeParameters(facts(prefix)) / active).toBeLessThan(1.01);
    },
  );

  it('one token reads the experts that it takes, many read all', () => {
    expect(distinctOf(facts('dsr1'), 1)).toBeCloseTo(8, 9);
    expect(distinctOf(facts('dsr1'), 2)).toBeCloseTo(16 - 64 / 256, 9);
    expect(distinctOf(facts('dsr1'), 10_000)).toBeCloseTo(256, 6);
  });
});

describe('the roofline', () => {
  it('of one request is that of reading the active weights and its cache', () => {
    const { facts: model, ...one } = rooflineOf(
      { ...point, isl: 1, osl: 1_000_000, concurrency: 1 },
      hardware,
    )!;
    // 576 elements in each of 61 layers, of half a million tokens.
    const bytes = activeParameters(model) + 61 * 576 * 500_001;
    expect(one.boundBy).toBe('memory');
    expect(one.totalPerDevice).toBeCloseTo(4800e9 / bytes, 1);
  });

  it('of a large batch with short contexts is that of computing', () => {
    const bound = rooflineOf({ ...point, isl: 1, osl: 2, concurrency: 100_000 }, hardware)!;
    const flop = 2 * activeParameters(bound.facts);
    expect(bound.boundBy).toBe('compute');
    // 3 tokens for each of which 2 FLOP per active parameter are computed.
    expect(bound.totalPerDevice).toBeCloseTo(1978e12 / flop, 3);
  });

  it('counts the cache of windowed layers no further than their window', () => {
    const osl = 1_000_000;
    const perOutput = (isl: number): number => {
      const bound = rooflineOf({ ...point, modelPrefix: 'gptoss', isl, osl, concurrency: 512 }, hardware)!;
      const prefill = ((isl / osl) * 2 * activeParameters(bound.facts)) / bound.peak;
      return (1 + isl / osl) / bound.totalPerDevice - prefill;
    };
    // Between these lengths only the 18 layers without a window grow, by 1024 bytes per token each.
    const read = (perOutput(200_000) - perOutput(100_000)) * 4800e9;
    expect(read / (18 * 1024 * 100_000)).toBeCloseTo(1, 6);
  });

  it.each([
    ['an unknown model', { modelPrefix: 'other' }, hardware],
    ['an unknown precision', { precision: 'int3' }, hardware],
    ['speculative decoding', { specDecoding: 'mtp' }, hardware],
    ['lengths that are missing', { isl: NaN }, hardware],
    ['unknown hardware', {}, undefined],
    ['hardware whose bandwidth is unknown', {}, { ...hardware, memoryBandwidthGBps: undefined }],
    ['hardware whose peaks are unknown', {}, { ...hardware, flops: undefined }],
  ])('is not stated of %s', (_, change, of) => {
    expect(rooflineOf({ ...point, ...change }, of)).toBeUndefined();
  });

  it('takes the next peak where a device has none at the precision', () => {
    expect(rooflineOf({ ...point, precision: 'fp4' }, hardware)?.peak).toBe(1978e12);
  });
});
