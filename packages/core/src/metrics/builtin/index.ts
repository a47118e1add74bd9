import type { MetricPlugin } from '../../plugin/metric.js';
import { concurrency } from './concurrency.js';
import { e2el } from './e2el.js';
import { fromSchedule } from './from-schedule.js';
import { goodput } from './goodput.js';
import { itl } from './itl.js';
import { outputRate } from './output-rate.js';
import { power } from './power.js';
import { serverMetrics } from './server-metrics.js';
import { steadyState } from './steady-state.js';
import { throughput } from './throughput.js';
import { tokens } from './tokens.js';
import { tpot } from './tpot.js';
import { ttft } from './ttft.js';
import { ttftContent } from './ttft-content.js';

/** In the order of the raw result's keys. Interactivity is not included: rows derive it from TPOT. */
export const builtinMetrics: readonly MetricPlugin[] = [
  throughput,
  goodput,
  tokens,
  ttft,
  tpot,
  itl,
  e2el,
  ttftContent,
  fromSchedule,
  outputRate,
  concurrency,
  steadyState,
  serverMetrics,
  power,
];
