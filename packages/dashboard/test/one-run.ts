import { join } from 'node:path';
import type { ReportKnowledge, Run } from '@sweepline/core';
import dashboard from '../src/index.js';
import { HOSTILE } from './browser/hostile.js';
import type { TestResult } from './built-site.js';

type Sku = ReportKnowledge['skus'][number];

export const SKU: Sku = {
  ...{ name: 'b200', vendor: 'NVIDIA', device: 'B200', devicesPerNode: 8, memoryGiB: 180 },
  sources: [{ what: 'a data sheet', date: '2026-11-01' }],
};

/** Three points, one of which failed, with somebody's scripts in their texts. */
export function hostileRun(): readonly TestResult[] {
  const job = {
    model: HOSTILE[0],
    runner: 'b200',
    tp: 8,
    ep: 1,
    isl: 1024,
    osl: 1024,
    framework: HOSTILE[1],
  };
  const result = (name: string, conc: number, more: object = {}): TestResult => ({
    ...{ schema: 'sweepline.result/2', name, state: 'completed', concurrency: conc, job },
    ...{ startedAt: '2026-11-01T10:00:00.000Z', finishedAt: '2026-11-01T10:01:00.000Z' },
    marks: [{ code: HOSTILE[3], severity: 'note', message: HOSTILE[8] }],
    row: { hw: 'b200', tput_per_gpu: 100 * conc, median_intvty: 90 / conc },
    ...{ metrics: { median_ttft_ms: 500 }, provenance: { hardware: { sku: 'b200' } }, ...more },
  });
  const error = { code: 'SERVER_DIED', message: HOSTILE[3], layer: HOSTILE[5], logTail: HOSTILE[7] };
  return [
    result('small', 4),
    result('large', 16),
    result('dead', 64, { state: 'failed', error, row: undefined, metrics: undefined }),
  ];
}

/** Writes report.html of a run into a folder, as a sweep has it written, and gives its path. */
export async function writeReport(runFolder: string, folder: string): Promise<string> {
  const [plugin] = dashboard;
  const run = { id: 'one', startedAt: '2026-11-01T10:00:00.000Z' };
  const given = { folder: runFolder, run, results: [], begun: [], problems: [] } as unknown as Run;
  await plugin?.write(given, folder, new AbortController().signal, { skus: [SKU] });
  return join(folder, 'report.html');
}
