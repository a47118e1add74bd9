// @ts-check
/** The load generator as the harness plugs a client in: one process, all its threads counted, the peer's result keys. */
import { writeFileSync } from 'node:fs';
import { generateLoad } from '../../packages/core/dist/load/generator.js';
import { builtinMetrics } from '../../packages/core/dist/metrics/builtin/index.js';
import { computeMetrics } from '../../packages/core/dist/metrics/compute.js';
import { rawResult } from '../../packages/core/dist/results/raw-result.js';
import { loadSpec } from './load-spec.js';
import { wordTokenizer } from './tokenizer.js';

const spec = loadSpec(process.env['PROMPT_FORM'] === 'token-ids' ? 'token-ids' : 'text', '/dev/null');
const run = await generateLoad(spec, { tokenizer: wordTokenizer, cpuSeconds });
const { values } = computeMetrics(run, builtinMetrics);
writeFileSync(process.env['RESULT_JSON'] ?? '', JSON.stringify(rawResult({ run, values, modelId: 'mock' })));
process.stderr.write(`${JSON.stringify(run.client)}\n`);

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
