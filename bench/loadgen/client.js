// The client as the harness plugs one in: one process, all its threads counted, the peer's result keys.
import { writeFileSync } from 'node:fs';
import { generateLoad } from '../../packages/core/dist/load/generator.js';
import { builtinMetrics } from '../../packages/core/dist/metrics/builtin/index.js';
import { computeMetrics } from '../../packages/core/dist/metrics/compute.js';
import { rawResult } from '../../packages/core/dist/results/raw-result.js';

const { env } = process;
const number = (name) => Number(env[name]);
const spec = {
  schema: 'sweepline.load/1',
  endpoint: { baseUrl: env.BASE_URL, api: 'completions' },
  model: 'mock',
  prompts: {
    kind: 'random',
    form: env.PROMPT_FORM ?? 'token-ids',
    inputLen: number('INPUT_LEN'),
    outputLen: number('OUTPUT_LEN'),
    rangeRatio: 1,
    seed: number('SEED') || 0,
  },
  arrival: { pattern: 'closed-loop', concurrency: number('CONCURRENCY') },
  numPrompts: number('NUM_PROMPTS'),
  numWarmups: 0,
  ignoreEos: true,
  temperature: 0,
  connections: env.CONNECTIONS ?? 'per-slot',
  timeouts: { connectS: 30, requestS: 3600 },
  output: { recordsFile: '/dev/null' },
};
const run = await generateLoad(spec, {
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
});
const { values } = computeMetrics(run, builtinMetrics);
writeFileSync(env.RESULT_JSON, JSON.stringify(rawResult({ run, values, modelId: 'mock' })));
process.stderr.write(
  `rss ${Math.round(process.resourceUsage().maxRSS / 1024)} MB ${JSON.stringify(run.client)}\n`,
);
