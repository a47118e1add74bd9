import { expect, it } from 'vitest';
import { atom } from '../dist/index.js';

/** What the plugin reads from one log, by name. */
const effective = (text: string): unknown => {
  const log = { role: 'server', replica: 0, rank: 0, file: 'server-0.log', text };
  const settings = atom.effective?.({ logs: [log], http: [] }) ?? [];
  return Object.fromEntries(settings.map(({ name, value }) => [name, value]));
};

it("reads ATOM's settings from its log, under the names of the flags", () => {
  const log = [
    '[atom 12:00:01] loading',
    "[atom 12:00:02] Engine kwargs: {'model': 'org/m', 'tensor_parallel_size': 8, 'enforce_eager': False, 'kv_cache_dtype': 'fp8', " +
      "'kv_cache_block_size': 16, 'max_model_len': None, 'cudagraph_capture_sizes': '[1,2]'}",
    "tail {'tensor_parallel_size': 1}",
  ].join('\n');

  expect(effective(log)).toEqual({
    model: 'org/m',
    'tensor-parallel-size': '8',
    'enforce-eager': 'false',
    'kv-cache-dtype': 'fp8',
    'block-size': '16',
    'cudagraph-capture-sizes': '[1,2]',
  });
  expect(effective('no settings')).toEqual({});
});
