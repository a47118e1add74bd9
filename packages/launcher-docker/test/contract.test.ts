import { expect, it } from 'vitest';
import plugins from '../src/index.js';

const [plugin] = plugins;

it('refuses what takes several nodes, before anything is asked of anybody', async () => {
  const needs = { runner: 'n_0', images: ['i'], groups: [] };
  expect(plugin!.refuses?.({ ...needs, nodes: 1 })).toBeUndefined();
  expect(plugin!.refuses?.({ ...needs, nodes: 2 })).toBe(
    'launcher docker has one node, the job on n_0 needs 2',
  );
  expect(plugin!.refuses?.({ ...needs, nodes: 1, groups: ['prefill'] })).toMatch(/prefill .* is one/);
  const request = { runner: 'n_0', nodes: 2, token: '0'.repeat(32), images: [] };
  await expect(plugin!.acquire(request as never, new AbortController().signal)).rejects.toMatchObject({
    code: 'PLAN_UNSUPPORTED',
  });
});
