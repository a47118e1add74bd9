import { describe, expect, it } from 'vitest';
import { renderReport, renderTerminal } from '../../src/report/index.js';
import { completed, failure, run } from './results.js';

const prefill = { 'num-worker': 1, tp: 1, ep: 8, 'dp-attn': true };
const failed = {
  ...failure({ code: 'SERVER_DIED', message: 'prefill-0 exited with 1' }),
  job: {
    ...{ 'model-prefix': 'dsr1', model: 'org/model', framework: 'sglang-disagg', precision: 'fp8' },
    ...{ runner: 'mi355x', image: 'img', isl: 1024, osl: 1024, disagg: true, 'spec-decoding': 'none' },
    prefill,
    decode: { ...prefill, 'num-worker': 2 },
  },
};
const input = { run, results: [completed(), failed] };

describe('a point over several nodes that failed', () => {
  it('shows its GPUs in the table', () => {
    expect(renderTerminal(input, 160)).toMatch(/sglang-disagg .* 8P\+16D .*failed: SERVER_DIED/);
  });

  it('is among the failures of the summary', () => {
    expect(renderReport('markdown', input)).toContain('SERVER_DIED');
  });

  it('has its layout in the CSV', () => {
    const [header = '', ...lines] = renderReport('csv', input).split('\r\n');
    const fields = lines.find((line) => line.includes('failed'))?.split(',') ?? [];
    const field = (key: string) => fields[header.split(',').indexOf(key)];
    expect(field('disagg')).toBe('true');
    expect(field('is_multinode')).toBe('true');
    expect(field('prefill_ep')).toBe('8');
    expect(field('decode_num_workers')).toBe('2');
    expect(field('num_decode_gpu')).toBe('16');
  });

  it('shows what is known of a job that is not whole', () => {
    const partial = { ...failed, job: { prefill: { tp: 4 }, decode: null } };
    expect(renderTerminal({ run, results: [partial] }, 160)).toContain('–P+–D');
  });
});

describe('sizes beside tp and ep', () => {
  it('are in the table where they are not 1', () => {
    const text = renderTerminal(
      { run, results: [completed({ tp: 4, pp: 2, dcp_size: 1, pcp_size: 2 })] },
      160,
    );
    expect(text).toContain(' 4/1 pp2 pcp2 ');
  });
});
