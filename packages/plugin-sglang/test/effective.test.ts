import { expect, it } from 'vitest';
import { sglang, sglangDisagg } from '../dist/index.js';

/** What the plugin reads from one log, by name. */
const effective = (text: string): unknown => {
  const log = { role: 'server', replica: 0, rank: 0, file: 'server-0.log', text };
  const settings = sglang.effective?.({ logs: [log], http: [] }) ?? [];
  return Object.fromEntries(settings.map(({ name, value }) => [name, value]));
};

it("reads SGLang's settings from its log, under the names of the flags, without secrets", () => {
  const log = [
    '[2026-02-16 14:02:09] INFO server_args.py:1832: Use fa3 backend by default.',
    `[2026-02-16 14:02:09] INFO engine.py:156: server_args=ServerArgs(model_path='org/m', trust_remote_code=True, ` +
      `tp_size=8, quantization=None, mem_fraction_static=0.835, served_model_name="it's, m", api_key='hush', ` +
      `cuda_graph_bs=[1, 2, 4], json_model_override_args='{"a": (1)}', disable_radix_cache=False)`,
    'tail (x=1)',
  ].join('\n');

  expect(effective(log)).toEqual({
    'model-path': 'org/m',
    'trust-remote-code': 'true',
    'tensor-parallel-size': '8',
    'mem-fraction-static': '0.835',
    'served-model-name': "it's, m",
    'cuda-graph-bs': '[1, 2, 4]',
    'json-model-override-args': '{"a": (1)}',
    'disable-radix-cache': 'false',
    speculation: 'off',
  });
  expect(effective('no settings')).toEqual({});
});

it('compares the settings of prefill and decode with what each of them reports, and none of the router', () => {
  const place = { nodes: 1, ranksPerNode: 1, devicesPerRank: 8, wireUp: 'none' } as const;
  const role = (name: string, argv: readonly string[], devicesPerRank = 8) => ({
    ...{ name, argv, replicas: 1, runtime: { kind: 'host' as const }, env: {}, files: {} },
    place: { ...place, devicesPerRank },
  });
  const plan = {
    roles: [
      role('prefill', ['--tp-size', '8']),
      role('decode', ['--tp-size', '4', '--tp-size', '8', '--dp-size', '2']),
      role('router', ['--policy', 'round_robin'], 0),
    ],
  };
  const found = sglangDisagg.intended?.(plan as never, { precision: 'fp8' } as never) ?? [];
  const value = (of: string, name: string) =>
    found.find((setting) => setting.role === of && setting.name === name)?.value;

  expect([value('prefill', 'tensor-parallel-size'), value('decode', 'data-parallel-size')]).toEqual([
    '8',
    '2',
  ]);
  expect(value('decode', 'precision')).toBe('fp8');
  expect(found.filter((setting) => setting.role === 'router')).toEqual([]);
  expect(plan.roles.map((one) => sglangDisagg.devices?.(one as never))).toEqual([8, 16, undefined]);
});
