import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointNumbersOf } from '../../src/model/point-numbers.js';
import { assumptionsOf, formatEdits, parseEdits, withEdit } from '../../src/model/prices.js';
import { QUANTITIES, quantitiesWith, quantityOf } from '../../src/model/quantities.js';
import { flagColumn, numberColumn, textColumn, type ColumnData } from '../../src/site/table.js';

type Metrics = Readonly<Record<string, number>>;

/** A quantity of one H100 point, as a site has it. */
function valueOf(
  key: string,
  metrics: Metrics,
  {
    params = {},
    columns = {},
  }: { params?: Record<string, string>; columns?: Record<string, ColumnData> } = {},
): number | undefined {
  const points = {
    rows: 1,
    columns: { sku: textColumn(['h100']), isl: numberColumn([1024]), osl: numberColumn([512]), ...columns },
  };
  const values = new Map(Object.entries(metrics).map(([name, value]) => [name, [value]]));
  const quantity = quantityOf(key);
  if (quantity === undefined) throw new Error(`no quantity ${key}`);
  return quantity.of(pointNumbersOf(points, values, assumptionsOf([], params))(0));
}

const split = (prefill: number | undefined, decode: number | undefined) => ({
  disagg: flagColumn([true]),
  num_prefill_gpu: numberColumn([prefill]),
  num_decode_gpu: numberColumn([decode]),
});

describe('an H100 at 1000 tok/s', () => {
  const metrics = { tput_per_gpu: 1000 };

  it.each([
    // 1000 × 1000 / 1.73 kW; 1.30 / 3.6 million tokens per hour; 1730 W / 1000 tok/s.
    ['total_per_mw', 578_034.68],
    ['usd_per_m_total', 0.361111],
    ['total_per_usd', 2_769_230.77],
    ['j_per_total_provisioned', 1.73],
    // 1536 tokens at 0.3611 $/M.
    ['usd_per_request', 0.00055466667],
  ])('has %s %d', (key, expected) => {
    expect(valueOf(key, metrics)! / expected).toBeCloseTo(1, 6);
  });

  it('costs what another offer costs', () => {
    expect(valueOf('usd_per_m_total', metrics, { params: { offer: 'neocloud' } })).toBeCloseTo(1.69 / 3.6, 9);
  });

  it('has half the tokens per MW at twice the power', () => {
    const params = { prices: 'h100::3460' };
    expect(valueOf('total_per_mw', metrics, { params })).toBeCloseTo(578_034.68 / 2, 1);
    expect(valueOf('j_per_total_provisioned', metrics, { params })).toBeCloseTo(3.46, 9);
  });
});

describe('a disaggregated point', () => {
  // 4 devices prefill, 12 decode: 16,000 + 12,000 tok/s over 16 devices.
  const metrics = { input_tput_per_gpu: 4000, output_tput_per_gpu: 1000, tput_per_gpu: 1750 };

  it('charges all devices for its output', () => {
    const columns = split(4, 12);
    expect(valueOf('output_tput_per_gpu', metrics, { columns })).toBe(1000);
    expect(valueOf('usd_per_m_output', metrics, { columns })).toBeCloseTo(1.3 / (750 * 0.0036), 9);
    expect(valueOf('usd_per_m_input', metrics, { columns })).toBeCloseTo(1.3 / (1000 * 0.0036), 9);
    expect(valueOf('j_per_output_provisioned', metrics, { columns })).toBeCloseTo(1730 / 750, 9);
  });

  it.each([
    ['unknown', split(undefined, undefined)],
    ['contradicted by its throughputs', split(16, 16)],
  ])('has no cost of output where its devices are %s', (_what, columns) => {
    expect(valueOf('usd_per_m_output', metrics, { columns })).toBeUndefined();
    expect(valueOf('usd_per_m_total', metrics, { columns })).toBeCloseTo(1.3 / (1750 * 0.0036), 9);
  });
});

describe('energy', () => {
  it('is measured where there is telemetry, and says so', () => {
    const quantity = quantityOf('j_per_output')!;
    const of = (metrics: Metrics) => {
      const point = pointNumbersOf(
        { rows: 1, columns: { sku: textColumn(['h100']) } },
        new Map(Object.entries(metrics).map(([name, value]) => [name, [value]])),
        assumptionsOf([], {}),
      )(0);
      return [quantity.of(point), quantity.basisOf?.(point)];
    };
    expect(of({ output_tput_per_gpu: 100, joules_per_output_token: 5 })).toEqual([5, 'measured']);
    expect(of({ output_tput_per_gpu: 100 })).toEqual([17.3, 'provisioned']);
    expect(of({ output_tput_per_gpu: 100, joules_per_output_token: 5, power_valid: 0 })).toEqual([
      17.3,
      'provisioned',
    ]);
    expect(of({})).toEqual([undefined, undefined]);
  });
});

describe('latencies', () => {
  it('has one unit, whichever column a row has', () => {
    expect(valueOf('p99_ttft', { p99_ttft: 0.25 })).toBe(250);
    expect(valueOf('p99_ttft', { p99_ttft_ms: 250 })).toBe(250);
    expect(valueOf('median_e2el', { median_e2el: 12.5 })).toBe(12.5);
    expect(valueOf('median_e2el', { median_e2el_ms: 12_500 })).toBe(12.5);
  });

  it('derives interactivity from TPOT where a row has none', () => {
    expect(valueOf('median_intvty', { median_intvty: 50, median_tpot: 0.01 })).toBe(50);
    expect(valueOf('median_intvty', { median_tpot_ms: 20 })).toBe(50);
    expect(valueOf('median_intvty', { median_tpot: 0 })).toBeUndefined();
  });
});

it('is missing, never 0, where a point lacks what it is made of', () => {
  for (const { key } of QUANTITIES) expect(valueOf(key, {})).toBeUndefined();
});

it('is missing for hardware without a price', () => {
  const columns = { sku: textColumn(['tpu-v9']) };
  expect(valueOf('usd_per_m_total', { tput_per_gpu: 1000 }, { columns })).toBeUndefined();
  expect(valueOf('total_per_mw', { tput_per_gpu: 1000 }, { columns })).toBeUndefined();
});

it('has a name of its own for each quantity', () => {
  expect(new Set(QUANTITIES.map(({ key }) => key)).size).toBe(QUANTITIES.length);
  expect(new Set(QUANTITIES.map(({ label }) => label)).size).toBe(QUANTITIES.length);
  expect(quantitiesWith(new Set(['median_ttft_ms'])).map(({ key }) => key)).toEqual(['median_ttft']);
});

describe('prices in the address', () => {
  it('are those that were set', () => {
    const edits = withEdit(parseEdits('h100:2.5'), 'b200', { usdPerHour: undefined, watts: 2000 });
    expect(formatEdits(edits)).toBe('b200::2000,h100:2.5');
    expect(formatEdits(withEdit(edits, 'b200', { usdPerHour: undefined, watts: undefined }))).toBe(
      'h100:2.5',
    );
  });

  it.each(['h100:0', 'h100:-1', 'h100:x', 'h100:Infinity', ':1', '%E0%A4%A:', ''])('ignore %s', (text) => {
    expect(parseEdits(text).size).toBe(0);
  });

  it('survive any name', () => {
    const price = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.tuple(price, price)), (all) => {
        const edits = new Map(
          Object.entries(all).map(([sku, [usdPerHour, watts]]) => [sku, { usdPerHour, watts }]),
        );
        expect(new Map(parseEdits(formatEdits(edits)))).toEqual(edits);
      }),
    );
  });
});
