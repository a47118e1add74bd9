import type { Check } from './check.js';
import { concurrencyOrder } from './concurrency-order.js';
import { gpusPerNode } from './gpus-per-node.js';
import { imageTag } from './image-tag.js';
import { noJobs } from './no-jobs.js';
import { repeatedPoint } from './repeated-point.js';
import { runnerLabel } from './runner-label.js';

/** Every check beyond the schema; a new one is a file next to these and a line here. */
export const CHECKS: readonly Check[] = [
  runnerLabel,
  imageTag,
  gpusPerNode,
  concurrencyOrder,
  repeatedPoint,
  noJobs,
];
