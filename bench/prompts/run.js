// @ts-check
/**
 * Measures how long it takes to make random prompts with real tokenizers, in processes with the settings of load processes:
 *
 * node bench/prompts/run.js TOKENIZER... [--prompts N] [--length TOKENS] [--runs N]
 *
 * A tokenizer is a folder with a tokenizer.json, that file, or a repository in the Hugging Face cache. Times are seconds from before the
 * tokenizer is loaded. After them come the least CPU time, which is more reliable on a busy machine, and the time for the same prompts from
 * the cache on disk. It runs the code in dist, so build first.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LOAD_NODE_ARGS } from '@sweepline/core/load';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    prompts: { type: 'string', default: '640' },
    length: { type: 'string', default: '8192' },
    runs: { type: 'string', default: '3' },
  },
});
if (positionals.length === 0) throw new Error('name at least one tokenizer');

const { prompts, length } = values;
console.log(
  `${prompts} prompts of ${length} tokens, ${availableParallelism()} cores, Node ${process.version}`,
);
for (const tokenizer of positionals) {
  const cache = mkdtempSync(join(tmpdir(), 'sweepline-bench-prompts-'));
  try {
    const made = Array.from({ length: Number(values.runs) }, () => run(tokenizer));
    run(tokenizer, cache);
    const cached = run(tokenizer, cache);
    const seconds = made.map((one) => one.seconds).sort((a, b) => a - b);
    const median = seconds[Math.floor(seconds.length / 2)] ?? NaN;
    const cpu = Math.min(...made.map(({ cpuSeconds }) => cpuSeconds));
    const all = seconds.map((one) => one.toFixed(2)).join(' ');
    console.log(
      `${median.toFixed(2)} s (${all})  ${cpu.toFixed(2)} CPU-s  ${cached.seconds.toFixed(2)} s cached  ${cached.tokens} tokens  ${tokenizer}`,
    );
  } finally {
    rmSync(cache, { recursive: true });
  }
}

/** @param {string} tokenizer @param {string} [cache] @returns {{ seconds: number, cpuSeconds: number, tokens: number }} */
function run(tokenizer, cache) {
  const argv = [
    ...[...LOAD_NODE_ARGS, join(import.meta.dirname, 'make.js'), tokenizer, prompts, length],
    ...(cache === undefined ? [] : [cache]),
  ];
  return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8' }));
}
