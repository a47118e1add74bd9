import { describe, expect, test } from 'vitest';
import { CPU, job, rejection, singleNode, worker } from './fixtures.js';

describe('parallelism', () => {
  test('of whole nodes or parts of one is taken', () => {
    expect(
      rejection({ job: job({ prefill: worker(3, 2), decode: worker(1, 16, { ep: 16 }) }) }),
    ).toBeUndefined();
  });

  test.each([
    ['6 devices are not whole nodes of 4', { decode: worker(1, 6) }, { decode: { tp: 8, ep: 1 } }],
    ['ep 3 does not divide', { prefill: worker(1, 4, { ep: 3 }) }, { prefill: { ep: 1 } }],
    ['needs a decode worker', { decode: worker(0, 4) }, { decode: { 'num-worker': 1 } }],
    [
      'more than the one device',
      { prefill: worker(1, 1, { 'dp-attn': true }) },
      { prefill: { 'dp-attn': false } },
    ],
    ['no draft model', { 'spec-decoding': 'draft_model' }, { 'spec-decoding': 'none' }],
    [
      'does not fit on one node',
      { framework: 'dynamo-vllm', prefill: worker(1, 4) },
      { decode: { tp: 4, ep: 1 } },
    ],
  ] as const)('is refused with the nearest that would do: %s', (reason, changes, nearest) => {
    const found = rejection({ job: job(changes) });
    expect(found?.reason).toContain(reason);
    expect(found?.nearest).toEqual(nearest);
    expect(rejection({ job: job(mended(changes, nearest)) })).toBeUndefined();
  });

  test('is named for both phases at once', () => {
    const found = rejection({ job: job({ prefill: worker(0, 6), decode: worker(1, 6) }) });
    expect(found?.nearest).toEqual({ prefill: { 'num-worker': 1, tp: 8, ep: 1 }, decode: { tp: 8, ep: 1 } });
  });
});

test('engines are refused a CPU, mockers are not', () => {
  expect(
    rejection({ job: job({ prefill: worker(1, 1), decode: worker(1, 1) }), sku: CPU })?.reason,
  ).toContain('runs on GPUs');
  expect(rejection({ job: job({ framework: 'dynamo-mocker' }), sku: CPU })).toBeUndefined();
});

test('prefill and decode apart are refused on a job for one server', () => {
  const single = singleNode();
  expect(rejection({ job: single })?.nearest).toEqual({ disagg: false });
  expect(rejection({ job: { ...single, disagg: false } })).toBeUndefined();
});

test('files of the job are refused as the way in which workers on several nodes find each other', () => {
  const options = { launch: 'native', discovery: 'file' };
  const nearest = { options: { discovery: 'etcd' } };
  expect(rejection({ job: job(), options })).toEqual({
    reason: expect.stringContaining('files') as string,
    nearest,
  });
  expect(rejection({ job: job(), options: { ...options, ...nearest.options } })).toBeUndefined();
  const onOne = job({ prefill: worker(1, 2), decode: worker(1, 2) });
  expect(rejection({ job: onOne, options })).toBeUndefined();
});

type Changes = Parameters<typeof job>[0] & object;

function mended(changes: Changes, nearest: Readonly<Record<string, unknown>>): Changes {
  const before = job(changes);
  return {
    ...changes,
    ...Object.fromEntries(
      Object.entries(nearest).map(([key, value]) => [
        key,
        typeof value === 'object' ? { ...(before[key as 'prefill'] as object), ...value } : value,
      ]),
    ),
  };
}
