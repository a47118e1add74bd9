import { z } from 'zod';
import type { Mt19937 } from '../prompts/mt19937.js';
import type { Flag } from '../spec/flags.js';

const ms = z.number().nonnegative().describe('Milliseconds.');

export const think = z
  .discriminatedUnion('distribution', [
    z.strictObject({ distribution: z.literal('fixed').describe('A constant time.'), ms }),
    z
      .strictObject({
        distribution: z.literal('uniform').describe('Uniformly from a range.'),
        minMs: ms,
        maxMs: ms,
      })
      .refine(({ minMs, maxMs }) => minMs <= maxMs, 'minMs must be no more than maxMs'),
    z.strictObject({
      distribution: z.literal('exponential').describe('Exponentially distributed, as in a Poisson process.'),
      meanMs: ms,
    }),
  ])
  .describe('Time between an answer and the next user message.')
  .default({ distribution: 'fixed', ms: 0 });

export type Think = z.output<typeof think>;

/** Draws a think time, ms. */
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

/** --think-ms, for kinds with conversations. */
export const thinkMs = {
  takes: '<ms|min-max|exp:mean>',
  help: 'time between an answer and the next turn',
  parse: parseThink,
  default: { distribution: 'fixed', ms: 0 },
  defaultText: '0',
} satisfies Flag;

function parseThink(text: string): Think {
  const [, mean] = /^exp:(.+)$/.exec(text) ?? [];
  if (mean !== undefined) return { distribution: 'exponential', meanMs: milliseconds(mean) };
  const [, min, max] = /^([\d.]+)-([\d.]+)$/.exec(text) ?? [];
  if (min === undefined || max === undefined) return { distribution: 'fixed', ms: milliseconds(text) };
  const range = { minMs: milliseconds(min), maxMs: milliseconds(max) };
  if (range.minMs <= range.maxMs) return { distribution: 'uniform', ...range };
  throw new Error('expected the shorter time first, such as 200-800');
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0 && value < Infinity) return value;
  throw new Error('expected ms such as 500, a range such as 200-800, or exp:500');
}
