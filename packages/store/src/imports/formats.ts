import { aiperf } from './aiperf.js';
import type { ImportFormat } from './format.js';
import { apiAvailability, apiBenchmarks, apiEvaluations, apiReliability } from './inferencex-api.js';
import { inferencexDump } from './inferencex-dump.js';
import { inferencexEvals } from './inferencex-evals.js';
import { inferencexRows } from './inferencex-rows.js';
import { inferencexRunStats } from './inferencex-run-stats.js';
import { vllmBench } from './vllm-bench.js';

/** All formats that can be imported: the first that a file has counts. */
export const FORMATS: readonly ImportFormat[] = [
  inferencexDump,
  inferencexRows,
  inferencexEvals,
  inferencexRunStats,
  apiBenchmarks,
  apiEvaluations,
  apiReliability,
  apiAvailability,
  vllmBench,
  aiperf,
];
