import { randomInt } from 'node:crypto';
import type { Sampling } from './slot.js';

export interface SamplingSettings {
  readonly temperature: number;
  readonly topP: number;
  /** Default: a random one. */
  readonly seed?: number | undefined;
}

const SEED_RANGE = 2 ** 31;

/**
 * How to sample the token at each position. The engine starts a random generator for every token, so each position needs its own seed,
 * derived from the request's.
 */
export function createSampler({ temperature, topP, seed }: SamplingSettings): (position: number) => Sampling {
  const base = seed ?? randomInt(SEED_RANGE);
  return (position) => ({ temperature, topP, seed: (base + position) % SEED_RANGE });
}
