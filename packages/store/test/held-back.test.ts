import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeStoreWorkspace } from './commands.js';
import { ingest, reasonsIn } from './contract.js';
import { completed, SPLIT, writeRun } from './runs.js';

it('holds back rows that would be misread', async () => {
  await using workspace = await makeStoreWorkspace();
  const out = join(workspace.root, 'out');
  const misread: Readonly<Record<string, readonly [row: object, reason: string]>> = {
    gpu: [{ hw: 'h100-pcie' }, 'the dashboard knows no hardware h100-pcie'],
    model: [{ infmax_model_prefix: 'mine', model: 'me/Mine' }, 'the dashboard knows no model mine'],
    precision: [{ precision: 'int8' }, 'the dashboard knows no precision int8'],
    speculation: [{ spec_decoding: 'eagle' }, 'the dashboard knows no spec_decoding eagle'],
    'no-speculation': [{ spec_decoding: '' }, 'it has no spec_decoding'],
    lengths: [{ isl: undefined, osl: 0 }, 'it has no isl; osl is no whole number from 1: 0'],
    half: [{ conc: 64.5 }, 'conc is no whole number from 1: 64.5'],
    metric: [{ p99_ttft: undefined }, 'it has no p99_ttft, which readers of rows need'],
    text: [{ tput_per_gpu: '400.5' }, 'it has no tput_per_gpu, which readers of rows need'],
    pipeline: [{ pp: 2 }, 'the dashboard takes pp for 1, which is 2'],
    size: [{ ep: undefined }, 'it has no ep'],
    flag: [{ dp_attention: 'yes' }, 'dp_attention is read as false: "yes"'],
    implied: [
      { framework: 'sglang-disagg' },
      'the dashboard takes sglang-disagg for disaggregated, which it is not',
    ],
    nodes: [{ ...SPLIT, prefill_tp: undefined }, 'it has no prefill_tp'],
    node: [
      { prefill_tp: 4 },
      'it has sizes of prefill and decode on a single node, where summarize.py needs tp and ep',
    ],
    decode: [{ ...SPLIT, num_decode_gpu: 0 }, 'num_decode_gpu is no whole number from 1 to 32767: 0'],
    gpus: [{ ...SPLIT, num_prefill_gpu: undefined }, 'it has no num_prefill_gpu'],
    many: [{ tp: 8192, ep: 8 }, "the dashboard can't hold 8192 × 8 GPUs"],
    scenario: [
      { scenario_type: 'agentic-coding' },
      'its load is not random prompts in a closed loop: "agentic-coding"',
    ],
  };
  const others: Readonly<Record<string, readonly [result: object, reason: string]>> = {
    invalid: [
      { marks: [{ code: 'slow-client', severity: 'invalid', message: 'm' }] },
      'it is invalid (slow-client)',
    ],
    load: [{ load: { text: 'poisson', rate: 2 } }, "its load is not InferenceX's: poisson at 2/s"],
    endpoint: [
      { endpoint: { baseUrl: 'http://x', api: 'chat' } },
      'its server was already running: hardware, framework, precision and number of devices are unknown',
    ],
  };
  const provenance = { sweepline: '1' };
  const results = [
    completed('right', { provenance }),
    ...Object.entries(misread).map(([name, [row]]) => completed(name, { row, provenance })),
    ...Object.entries(others).map(([name, [more]]) => completed(name, { ...more, provenance })),
  ];
  await writeRun(join(workspace.resultsDir, 'r1'), { id: 'r1', results });

  await workspace.run('export', 'inferencex', 'out');
  const reasons = Object.entries({ ...misread, ...others }).map(([name, [, reason]]) => [name, reason]);
  // Counts of GPUs that the dashboard doesn't know are held back as well.
  expect(await reasonsIn(out)).toMatchObject(Object.fromEntries(reasons) as object);
  const { benchmarks, problems } = ingest(out);
  expect(problems).toEqual([]);
  expect(benchmarks.map(({ file }) => file)).toEqual([
    'bmk_right/agg_right.json',
    'results_bmk/agg_bmk.json',
  ]);
});
