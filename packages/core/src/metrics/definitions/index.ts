import { aiperf } from './aiperf.js';
import type { Definition } from './definition.js';
import { genaiBench } from './genai-bench.js';
import { guidellm } from './guidellm.js';
import { inferencex } from './inferencex.js';
import { sweepline } from './sweepline.js';
import { vllm } from './vllm.js';

export { HEADLINES } from './definition.js';
export type { Definition, Headline, Recomputed, Reported, Tools, Unknown } from './definition.js';

/** All ways to turn a run's records into numbers, Sweepline's own first. */
export const DEFINITIONS: readonly Definition[] = [sweepline, inferencex, vllm, aiperf, guidellm, genaiBench];
