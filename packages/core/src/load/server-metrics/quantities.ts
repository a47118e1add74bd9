import { z } from 'zod';

/**
 * What servers tell of themselves, whatever they call it. `gauge`: what is now, `counter`: what was counted since the server was
 * started. `across`: how the series of one name (engines of one server, ranks of data parallelism) make one number.
 */
export const QUANTITIES = {
  /** Share of the KV cache that is in use, 0 to 1. */
  kvCacheUse: { kind: 'gauge', across: 'mean' },
  /** Requests that are being computed. */
  running: { kind: 'gauge', across: 'sum' },
  /** Requests that wait for their turn. */
  waiting: { kind: 'gauge', across: 'sum' },
  promptTokens: { kind: 'counter', across: 'sum' },
  generationTokens: { kind: 'counter', across: 'sum' },
  /** Requests that lost their place in the KV cache to others and had to begin again. */
  preemptions: { kind: 'counter', across: 'sum' },
  /** Prompt tokens (or blocks) looked up in the prefix cache, and those of them that were there. */
  prefixQueries: { kind: 'counter', across: 'sum' },
  prefixHits: { kind: 'counter', across: 'sum' },
  /** Where hits aren't counted: the server's own ratio, 0 to 1. */
  prefixHitRate: { kind: 'gauge', across: 'mean' },
  /** Steps of speculative decoding, the tokens they proposed, and those of them that were accepted. */
  drafts: { kind: 'counter', across: 'sum' },
  draftTokens: { kind: 'counter', across: 'sum' },
  acceptedTokens: { kind: 'counter', across: 'sum' },
  /** Where drafts aren't counted: the server's own tokens a step, the one that needs no draft included. */
  acceptanceLength: { kind: 'gauge', across: 'mean' },
  acceptanceRate: { kind: 'gauge', across: 'mean' },
} as const satisfies Readonly<Record<string, { kind: 'gauge' | 'counter'; across: 'sum' | 'mean' }>>;

export type Quantity = keyof typeof QUANTITIES;

export const quantitySchema = z.enum(Object.keys(QUANTITIES) as [Quantity, ...Quantity[]]);

/** For each quantity that a server tells, names of the samples that hold it; the first one that is there counts. */
export const metricNamesSchema = z.partialRecord(
  quantitySchema,
  z.array(z.string().min(1)).min(1).readonly(),
);

export type MetricNames = Readonly<Partial<Record<Quantity, readonly string[]>>>;
