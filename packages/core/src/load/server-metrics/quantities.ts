import { z } from 'zod';

/**
 * Quantities that servers report, under whatever names. `gauge`: the current value; `counter`: the total since the server
 * started. `across`: how the series of one name (engines of one server, ranks of data parallelism) are combined.
 */
export const QUANTITIES = {
  /** Share of the KV cache in use, 0 to 1. */
  kvCacheUse: { kind: 'gauge', across: 'mean' },
  /** Requests that are being computed. */
  running: { kind: 'gauge', across: 'sum' },
  /** Requests that wait for their turn. */
  waiting: { kind: 'gauge', across: 'sum' },
  promptTokens: { kind: 'counter', across: 'sum' },
  generationTokens: { kind: 'counter', across: 'sum' },
  /** Requests that were evicted from the KV cache in favour of others and had to start again. */
  preemptions: { kind: 'counter', across: 'sum' },
  /** Prompt tokens (or blocks) looked up in the prefix cache, and those that were found. */
  prefixQueries: { kind: 'counter', across: 'sum' },
  prefixHits: { kind: 'counter', across: 'sum' },
  /** If hits aren't counted: the server's own ratio, 0 to 1. */
  prefixHitRate: { kind: 'gauge', across: 'mean' },
  /** Steps of speculative decoding, the tokens proposed in them, and those that were accepted. */
  drafts: { kind: 'counter', across: 'sum' },
  draftTokens: { kind: 'counter', across: 'sum' },
  acceptedTokens: { kind: 'counter', across: 'sum' },
  /** If drafts aren't counted: the server's own tokens per step, including the one that needs no draft. */
  acceptanceLength: { kind: 'gauge', across: 'mean' },
  acceptanceRate: { kind: 'gauge', across: 'mean' },
} as const satisfies Readonly<Record<string, { kind: 'gauge' | 'counter'; across: 'sum' | 'mean' }>>;

export type Quantity = keyof typeof QUANTITIES;

export const quantitySchema = z.enum(Object.keys(QUANTITIES) as [Quantity, ...Quantity[]]);

/** For each quantity that a server reports, the possible names of its samples; the first one present is used. */
export const metricNamesSchema = z.partialRecord(
  quantitySchema,
  z.array(z.string().min(1)).min(1).readonly(),
);

export type MetricNames = Readonly<Partial<Record<Quantity, readonly string[]>>>;
