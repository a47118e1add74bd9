import { afterEach, beforeEach, expect, it } from 'vitest';
import { latestRun, readRun, type CommandContext, type CompletedResult } from '@sweepline/core';
import { otherRuns } from '../src/reproduce/other-runs.js';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';

let workspace: StoreWorkspace;
beforeEach(async () => void (workspace = await makeStoreWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

const time = '2026-11-01T00:00:00.000Z';

function result(throughput: number, more: Partial<CompletedResult> = {}): CompletedResult {
  return {
    ...{ schema: 'sweepline.result/2', name: 'a', state: 'completed', concurrency: 4, row: {}, marks: [] },
    ...{ job: { model: 'm', framework: 'sglang', image: 'i:1' }, startedAt: time, finishedAt: time },
    delivered: { offered: 40, sent: 40, completed: 40, failed: 0, peakInFlight: 4 },
    metrics: { total_token_throughput: throughput, median_ttft_ms: 10 },
    provenance: { sweepline: '1.0.0', hardware: { sku: 'h200', node: 'n1', facts: {} } },
    ...more,
  };
}

async function save(id: string, one: CompletedResult): Promise<void> {
  const run = { schema: 'sweepline.run/2', id, sweepline: '1', startedAt: time, state: 'finished' };
  await workspace.write(`results/${id}/run.json`, { ...run, configFiles: [], points: 1, outputs: [] });
  await workspace.write(
    `results/${id}/results.ndjson`,
    `${JSON.stringify({ v: 1, folder: 'points/a', result: one })}\n`,
  );
  await workspace.write(`results/${id}/points/a/result.json`, one);
}

it('are those of the same series, node, image and engine, each once, and valid', async () => {
  const { provenance } = result(0);
  const onOther = { ...provenance, hardware: { sku: 'h200', node: 'n2', facts: {} } };
  await save('again', result(1));
  await save('bundled', result(2));
  await save('one', result(3));
  await save('two', result(4));
  await save('other-node', result(5, { provenance: onOther }));
  await save('other-engine', result(6, { provenance: { ...provenance, engine: { 'engine-version': '2' } } }));
  await save('other-load', result(7, { concurrency: 8 }));
  await save('other-image', result(8, { job: { model: 'm', framework: 'sglang', image: 'i:2' } }));
  await save('invalid', result(9, { marks: [{ code: 'short', severity: 'invalid', message: 'm' }] }));

  const { root, resultsDir } = workspace;
  const context: CommandContext = {
    ...{ args: [], cwd: root, root, resultsDir, signal: new AbortController().signal },
    terminal: { stdout: () => {}, stderr: () => {}, interactive: false, columns: 80 },
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    skus: () => Promise.resolve([]),
    runs: { latest: () => latestRun(resultsDir), read: readRun },
  };
  const found = await otherRuns(context, { run: 'again', result: result(1) }, ['again', 'bundled']);

  expect(found['total_token_throughput']?.toSorted()).toEqual([3, 4]);
  expect(found['median_ttft_ms']).toEqual([10, 10]);
});
