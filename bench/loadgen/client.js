// @ts-check
/**
 * The load generator as a client of the harness: one process, all its threads counted, the peer's result keys. It is the load process of
 * `sweepline bench`, a thread that sends and records on disk, with its own tokenizer.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  runLoad,
  RecordsFile,
  decodeRunRecord,
  encodeFooter,
  encodeHeader,
  startThread,
} from '@sweepline/core/load';
import { builtinMetrics, computeMetrics } from '@sweepline/core/metrics';
import { loadSpec } from './load-spec.js';
import { wordTokenizer } from './tokenizer.js';

const folder = mkdtempSync(join(tmpdir(), 'sweepline-client-'));
try {
  const run = await load(join(folder, 'records.jsonl'));
  const { values } = computeMetrics(run, builtinMetrics);
  writeFileSync(process.env['RESULT_JSON'] ?? '', JSON.stringify(values));
  process.stderr.write(`${JSON.stringify(run.client)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {string} recordsFile */
async function load(recordsFile) {
  const records = await RecordsFile.create(recordsFile, broken);
  const spec = loadSpec(process.env['PROMPT_FORM'] === 'token-ids' ? 'token-ids' : 'text', recordsFile);
  const summary = await runLoad(spec, {
    tokenizer: wordTokenizer,
    cpuSeconds,
    onStart: (head) => records.write(encodeHeader(head)),
    startThread: (task, signal) => startThread(task, signal, (message) => broken(new Error(message))),
  });
  await records.write(encodeFooter(summary));
  await records.close();
  return decodeRunRecord(readFileSync(recordsFile));
}

/** @param {Error} error @returns {never} */
function broken(error) {
  throw error;
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
