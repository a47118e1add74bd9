import { expect, it } from 'vitest';
import { dynamo } from '../dist/index.js';

const log = (role: string, text: string) => ({ role, replica: 0, rank: 0, file: `${role}-0.log`, text });

it("reads the sizes of each role from its engine's log, colours or not", () => {
  const settings = dynamo.effective?.({
    logs: [
      log(
        'prefill',
        "\u001B[2mINFO\u001B[0m server_args=ServerArgs(model_path='org/m', tp_size=4, pp_size=2)\nx",
      ),
      log(
        'decode',
        "Initializing a V1 LLM engine (v0.13.0) with config: model='org/m', tensor_parallel_size=8, kv_cache_dtype=fp8, seed=0\ny",
      ),
      log('frontend', 'listening'),
    ],
    http: [],
  });

  expect(settings?.map(({ role, name, value }) => [role, name, value])).toEqual([
    ['prefill', 'tensor-parallel-size', '4'],
    ['prefill', 'pipeline-parallel-size', '2'],
    ['decode', 'tensor-parallel-size', '8'],
    ['decode', 'kv-cache-dtype', 'fp8'],
  ]);
  expect(settings?.[0]?.from).toBe("prefill-0.log, its engine's config");
});
