// @ts-check
/**
 * Judges `sweepline compare` by public results: learns noise without a pair of runs, and looks whether what it says of that pair is true.
 * `node checks/compare/run.js --data DIR [--metric KEY=20%...]`, a folder that `sweepline import` reads; see README.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measurementsOf, METRICS, openToRead, repeatsOf } from '@sweepline/store/compare';
import { judgedWithout } from './left-out.js';
import { pointReport } from './points.js';
import { runReport } from './runs.js';

const ROOT = join(import.meta.dirname, '../..');
const SWEEPLINE = join(ROOT, 'packages/core/bin/sweepline.js');

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  console.log('skipped: no --data, a folder with results of many runs');
  process.exit(0);
}

const workspace = mkdtempSync(join(tmpdir(), 'sweepline-compare-'));
try {
  mkdirSync(join(workspace, 'configs'));
  writeFileSync(join(workspace, 'configs/sweepline.yaml'), "plugins: ['@sweepline/store']\n");
  symlinkSync(join(ROOT, 'node_modules'), join(workspace, 'node_modules'));
  execFileSync(process.execPath, [SWEEPLINE, 'import', resolve(values.data)], {
    cwd: workspace,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const index = await openToRead(join(workspace, 'results/index.duckdb'));
  const keys = METRICS.filter(({ key }) => key !== 'total_token_throughput').map(({ key }) => key);
  const measurements = await measurementsOf(index.connection, keys);
  index[Symbol.dispose]();
  for (const metric of METRICS) {
    const repeats = repeatsOf(measurements, metric);
    if (repeats.length === 0) continue;
    console.log(`\n## ${metric.label}\n`);
    console.log(pointReport(judgedWithout(repeats, metric), metric));
    if (metric.decides) console.log(await runReport(measurements, repeats, metric));
  }
} finally {
  rmSync(workspace, { recursive: true });
}
