import { z } from '@sweepline/core';

/** What is read of `sweepline gate --json`. */
export const gateSchema = z.object({
  status: z.enum(['passed', 'failed', 'unsure']),
  rules: z.array(
    z.object({
      rule: z.string(),
      reason: z.string(),
      status: z.enum(['passed', 'failed', 'unsure']),
      findings: z.array(
        z.object({
          point: z.string().optional(),
          status: z.enum(['failed', 'unsure']),
          message: z.string(),
          waivedBy: z.object({ author: z.string(), expires: z.string(), reason: z.string() }).optional(),
        }),
      ),
    }),
  ),
});
export type Gate = z.output<typeof gateSchema>;

/** What is read of `sweepline compare --format json`. */
export const comparisonSchema = z.object({
  a: z.string(),
  b: z.string(),
  verdict: z.enum(['better', 'worse', 'same', 'unsure']),
  reason: z.string(),
  confirmedBy: z.string().optional(),
  curves: z.array(
    z.object({
      curve: z.string(),
      metric: z.string(),
      change: z.number(),
      verdict: z.enum(['better', 'worse', 'same', 'unsure']),
      decides: z.boolean(),
      interval: z.tuple([z.number(), z.number()]).optional(),
    }),
  ),
});
export type Comparison = z.output<typeof comparisonSchema>;
