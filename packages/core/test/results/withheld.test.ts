import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderReport, renderTerminal } from '../../src/report/index.js';
import { collectRows } from '../../src/results/repeats.js';
import { openRunStore } from '../../src/results/store.js';
import { withheldReason, withReason } from '../../src/results/withheld.js';
import { createMask } from '../../src/secrets.js';
import { completed, run } from '../report/results.js';

const usage = { code: 'missing-usage', severity: 'note', message: 'no usage' } as const;
const without = (...keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, undefined]));
const silent = completed(
  {
    conc: 1,
    ...without('tput_per_gpu', 'output_tput_per_gpu', 'input_tput_per_gpu'),
    ...without('mean_tpot', 'median_tpot', 'median_intvty'),
  },
  [usage],
);
const oneToken = completed({ conc: 2, osl: 1, ...without('mean_tpot', 'median_tpot', 'median_intvty') });
const invalid = completed({ conc: 4 }, [{ code: 'slow-client', severity: 'invalid', message: 'late' }]);
const whole = completed({ conc: 8 }, [usage]);

describe('a row that is held back', () => {
  it.each([
    [
      silent,
      'it has no tput_per_gpu, output_tput_per_gpu, input_tput_per_gpu, mean_tpot, median_tpot, median_intvty, ' +
        'which readers of rows need: the server reported no usage',
    ],
    [
      oneToken,
      'it has no mean_tpot, median_tpot, median_intvty, which readers of rows need: ' +
        'an output of one token has no time per output token',
    ],
    [invalid, 'it is invalid (slow-client)'],
    [whole, undefined],
  ])('says why: %#', (result, reason) => {
    expect(withheldReason(result)).toBe(reason);
    expect(withReason(result)).toEqual(reason === undefined ? result : { ...result, withheld: reason });
  });

  it.each([
    ...['tput_per_gpu', 'output_tput_per_gpu', 'input_tput_per_gpu', 'median_ttft', 'p99_ttft'],
    ...['median_tpot', 'median_intvty', 'median_e2el', 'mean_ttft', 'mean_tpot'],
  ])('lacks %s', (key) => {
    expect(withheldReason(completed(without(key)))).toBe(`it has no ${key}, which readers of rows need`);
  });

  it('is in no artifact', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sweepline-withheld-'));
    const store = await openRunStore(join(folder, '1'));
    for (const result of [silent, oneToken, invalid, whole]) {
      await store.openPoint(result.name);
      await store.savePoint(result, { json: {}, serverLogs: [], mask: createMask([]) });
    }
    expect((await readdir(store.folder)).sort()).toEqual([`bmk_${whole.name}`, 'points', 'results.ndjson']);
    expect(collectRows([silent, oneToken, invalid, whole])).toEqual([whole.row]);
    await rm(folder, { recursive: true });
  });
});

describe('reports', () => {
  const input = { run, results: [silent, oneToken, invalid, whole].map(withReason) };
  const lines = [silent, oneToken, invalid].map(({ name }) => name);

  it('list what is held back with the reason', () => {
    const terminal = renderTerminal(input, 400);
    const footer = terminal.slice(terminal.indexOf('Not in agg_*.json:'));
    expect(footer).toContain(`  ${oneToken.name}: it has no mean_tpot`);
    expect(footer).toContain(`  ${invalid.name}: it is invalid (slow-client)`);
    expect(footer).not.toContain(`${whole.name}:`);

    const markdown = renderReport('markdown', input);
    const section = markdown.slice(markdown.indexOf('## Not in agg_'));
    for (const name of lines) expect(section).toContain(`- ${name}: it `);

    const [header = '', ...rows] = renderReport('csv', input).split('\r\n');
    expect(header).toMatch(/,withheld,marks,error_code,error_message$/);
    expect(rows.join()).toContain('the server reported no usage');
  });

  it('say nothing of it where every row is exported', () => {
    for (const text of [
      renderTerminal({ run, results: [whole] }),
      renderReport('markdown', { run, results: [whole] }),
    ])
      expect(text).not.toContain('Not in agg_');
  });
});
