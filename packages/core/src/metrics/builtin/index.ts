import type { MetricPlugin } from '../../plugin/metric.js';
import { e2el } from './e2el.js';
import { itl } from './itl.js';
import { throughput } from './throughput.js';
import { tokens } from './tokens.js';
import { tpot } from './tpot.js';
import { ttft } from './ttft.js';
import { ttftContent } from './ttft-content.js';

/** In the order of the raw result's keys. Interactivity is not among them: rows derive it from TPOT. */
export const builtinMetrics: readonly MetricPlugin[] = [
  throughput,
  tokens,
  ttft,
  tpot,
  itl,
  e2el,
  ttftContent,
];
