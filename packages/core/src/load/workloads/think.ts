import { z } from 'zod';
import type { Mt19937 } from '../prompts/mt19937.js';

const ms = z.number().nonnegative();

/** How long users think before they say something more. */
export const think = z
  .discriminatedUnion('distribution', [
    z.strictObject({ distribution: z.literal('fixed'), ms }),
    z.strictObject({ distribution: z.literal('uniform'), minMs: ms, maxMs: ms }),
    z.strictObject({ distribution: z.literal('exponential'), meanMs: ms }),
  ])
  .default({ distribution: 'fixed', ms: 0 });

export type Think = z.output<typeof think>;

/** A while of thinking, ms. */
export function drawThinkMs(spec: Think, random: Mt19937): number {
  const uniform = (random.uint32() + 0.5) / 2 ** 32;
  switch (spec.distribution) {
    case 'fixed':
      return spec.ms;
    case 'uniform':
      return spec.minMs + (spec.maxMs - spec.minMs) * uniform;
    case 'exponential':
      return -spec.meanMs * Math.log(uniform);
  }
}
