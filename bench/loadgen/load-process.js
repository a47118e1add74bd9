// @ts-check
/**
 * A load process like `sweepline load`, for runs whose records don't fit into memory: they are written to a file as requests end, and the
 * totals are read back from it, line by line.
 */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runLoadWorker } from '@sweepline/core/load';
import { loadSpec } from './load-spec.js';

const folder = mkdtempSync(join(tmpdir(), 'sweepline-load-process-'));
try {
  const [specFile, recordsFile] = [join(folder, 'spec.json'), join(folder, 'records.jsonl')];
  writeFileSync(specFile, JSON.stringify(loadSpec('token-ids', recordsFile)));
  process.exitCode = await runLoadWorker(specFile);
  writeFileSync(process.env['RESULT_JSON'] ?? '', JSON.stringify(await totals(recordsFile)));
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {string} recordsFile */
async function totals(recordsFile) {
  const seen = new Set();
  let [completed, tokens, repeated] = [0, 0, 0];
  let window = { startMs: 0, endMs: 0 };
  for await (const line of createInterface({ input: createReadStream(recordsFile) })) {
    const entry = JSON.parse(line);
    if (entry.window !== undefined) ({ window } = entry);
    if (entry.index === undefined) continue;
    repeated += seen.has(entry.index) ? 1 : 0;
    seen.add(entry.index);
    if (entry.state !== 'completed') continue;
    completed += 1;
    tokens += entry.outputTokens ?? 0;
  }
  const duration = (window.endMs - window.startMs) / 1000;
  return {
    ...{ duration, completed, total_output_tokens: tokens, output_throughput: tokens / duration },
    repeated,
  };
}
