import { describe, expect, it } from 'vitest';
import { logScale, scaleTo, tickText } from '../../src/report/scale.js';
import { DISCLAIMER, renderReport } from '../../src/report/index.js';
import type { Result } from '../../src/results/schema.js';
import { completed, failure, run } from './results.js';

const render = (...results: Result[]) => renderReport('html', { run, results });
const count = (page: string, pattern: RegExp) => page.match(new RegExp(pattern, 'g'))?.length ?? 0;
const points = (page: string) => count(page, /<g class="point"/);

it('needs no network and no script', () => {
  const page = render(completed(), failure({ code: 'SERVER_DIED', message: 'see http log' }));
  expect(page).not.toMatch(/(src|href)=|url\(|@import|https?:\/\/|<script|<link/i);
});

it('escapes all text', () => {
  const evil = `<script>alert("1")</script>&'`;
  const page = renderReport('html', {
    run: { ...run, id: evil, outputs: [{ ...run.outputs[0]!, label: evil, definition: evil }] },
    results: [
      {
        ...completed({ model: evil, framework: evil, hw: evil }, [
          { code: evil, severity: 'note', message: evil },
        ]),
      },
      failure({ code: evil, message: evil, hint: evil, logTail: evil }),
    ],
  });
  expect(page).not.toMatch(/<script/i);
  expect(page).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;');
});

it('draws each valid result in both plots', () => {
  const page = render(completed({ conc: 8 }), completed({ conc: 16, median_intvty: 42 }));
  expect(count(page, /<svg[^>]* role="img"/)).toBe(2);
  expect(points(page)).toBe(4);
  expect(count(page, /class="line c0"/)).toBe(2);
  expect(page).toMatch(/<title>h200 sglang fp8 · TP8 EP1\nConcurrency: 16\nInteractivity: 42 tok\/s\/user\n/);
});

it('places points on the axes', () => {
  const page = render(
    completed({ median_intvty: 50, tput_per_gpu: 500 }),
    completed({ conc: 8, median_intvty: 100, tput_per_gpu: 1000 }),
  );
  expect(page).toContain('translate(340 200)');
  expect(page).toContain('translate(612 36)');
});

it('makes one line per setup and one section per workload', () => {
  const page = render(completed({ tp: 4 }), completed({ tp: 8 }), completed({ isl: 8192 }));
  expect(count(page, /class="line c0"/)).toBe(4);
  expect(count(page, /class="line c1"/)).toBe(2);
  expect(page).toContain('<h2>dsr1, 8192 in / 1024 out</h2>');
});

it('draws no line through points that differ in the image, the model or options alone', () => {
  const setups = [{ image: 'v1' }, { image: 'v2' }, { image: 'v2', model: 'org/other' }];
  const results = setups.flatMap((setup) => [
    completed({ ...setup, conc: 8 }),
    completed({ ...setup, conc: 16 }),
  ]);
  const optional = {
    ...completed({ ...setups[0], conc: 4 }),
    job: { image: 'v1', options: { args: ['--x'] } },
  };
  const page = renderReport('html', { run, results: [...results, optional] });

  const labels = [...page.matchAll(/<\/svg>\s*([^<]+)<\/li>/g)].map(([, label = '']) => label.trim());
  expect(labels).toHaveLength(4);
  expect(labels[0]).toMatch(/image v1 · model org\/model · options \{/);
  expect(labels.at(-1)).toMatch(/image v2 · model org\/other · options none$/);
});

it('marks noted results and leaves invalid ones out of plots, not out of tables', () => {
  const noted = completed({ conc: 8 }, [{ code: 'short', severity: 'note', message: 'outputs differ' }]);
  const invalid = completed({ conc: 16 }, [
    { code: 'incomplete', severity: 'invalid', message: 'ended early' },
  ]);
  const page = render(noted, invalid);
  expect(points(page)).toBe(2);
  expect(count(page, /class="marker c0 noted"/)).toBe(2);
  expect(page).toContain('1 invalid result is not drawn.');
  expect(page).toContain('<span class="badge invalid">invalid: incomplete</span>');
  expect(page).toContain('ended early');
});

it('shows missing numbers as a dash and does not plot them', () => {
  const page = render(completed({ tput_per_gpu: undefined }));
  expect(points(page)).toBe(0);
  expect(page).toContain('No valid result to plot.');
  expect(page).toContain('<td class="missing">–</td>');
});

it('tells failures with code, reason, place, hint and log', () => {
  const page = render(
    failure({
      code: 'SERVER_DIED',
      message: 'exit code 1',
      where: 'a.log:3',
      hint: 'Look there.',
      logTail: 'last words',
    }),
  );
  for (const text of ['SERVER_DIED', 'exit code 1 (a.log:3)', 'Look there.', 'last words'])
    expect(page).toContain(text);
});

it('has a table of numbers per metric plugin, without those that no result has', () => {
  const output = (metric: string, label: string) => ({ ...run.outputs[0]!, metric, label, key: label });
  const page = renderReport('html', {
    run: { ...run, outputs: [output('a', 'a1'), output('b', 'b1'), output('a', 'a2'), output('c', 'c1')] },
    results: [
      { ...completed({ conc: 8 }), metrics: { a1: 1.5, b1: 2 } },
      {
        ...completed({ conc: 16 }, [{ code: 'short', severity: 'invalid', message: 'short' }]),
        metrics: { a2: 3 },
      },
      failure({ code: 'SERVER_DIED', message: 'exit code 1' }),
    ],
  });
  const text = page.replaceAll(/<style>.*<\/style>|<[^>]*>/gs, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toContain('a Result a1 (ms) a2 (ms) h200-conc8 1.5 – h200-conc16 invalid – 3 b');
  expect(text).toContain('b Result b1 (ms) h200-conc8 2 h200-conc16 invalid – In no result: c1.');
});

it('says what was measured, with what, and that it is unofficial', () => {
  const page = render(completed());
  for (const text of ['sweepline-load 0.1.0', '@sweepline/plugin-sglang 0.1.0', 'h200 on h200-cw_0']) {
    expect(page).toContain(text);
  }
  expect(page).toContain('text of org/model, in its chat template');
  expect(page).toContain(DISCLAIMER);
  expect(count(page, /Sent to first chunk\. Source: here\./)).toBe(1);
});

it('draws a multi-node setup as one series', () => {
  const layout = { prefill_tp: 4, prefill_ep: 4, prefill_dp_attention: 'true', prefill_num_workers: 5 };
  const decode = { decode_tp: 8, decode_ep: 8, decode_dp_attention: 'false', decode_num_workers: 1 };
  const page = render(
    completed({ is_multinode: true, num_prefill_gpu: 20, num_decode_gpu: 8, ...layout, ...decode }),
  );
  expect(page).toContain('prefill 5×TP4 EP4 DPA, decode 1×TP8 EP8');
  expect(page).toContain('Multi-Node Results');
});

describe('an axis', () => {
  it.each([
    [97, [0, 20, 40, 60, 80, 100]],
    [100, [0, 20, 40, 60, 80, 100]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [2.6, [0, 1, 2, 3]],
    [1200, [0, 250, 500, 750, 1000, 1250]],
  ])('up to %d has round ticks', (max, ticks) => {
    expect(scaleTo(max).ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
  });

  it('holds its greatest value, also when that is 0', () => {
    for (const max of [0, 1e-9, 3, 7, 1e7]) expect(scaleTo(max).at(max)).toBeLessThanOrEqual(1);
  });

  it.each([
    [37.8, 100.7, [40, 60, 80, 100]],
    [6, 7, [6, 7, 8]],
    [5, 5, [4.5, 5, 5.5]],
    [1, 64, [1, 2, 5, 10, 20, 50]],
    [0.02, 900, [0.1, 1, 10, 100, 1000]],
  ])('may be logarithmic, from %f to %f', (least, most, ticks) => {
    const scale = logScale(least, most);
    expect(scale.ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
    for (const tick of [least, most, ...scale.ticks]) {
      expect(scale.at(tick)).toBeGreaterThan(0);
      expect(scale.at(tick)).toBeLessThan(1);
    }
  });

  it('writes large and small ticks', () => {
    expect([12500, 0.30000000000000004, 0].map(tickText)).toEqual(['12,500', '0.3', '0']);
  });
});
