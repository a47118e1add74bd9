import { z } from 'zod';
import type { Found } from './find.js';

export const SEARCH_SCHEMA = 'sweepline.max-rate/1';

/** Where and when a search was made. */
export interface SearchAbout {
  /** Sweepline's version. */
  readonly sweepline: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  readonly model: string;
  readonly baseUrl: string;
}

/** The content of `search.json`. */
export interface StoredSearch extends SearchAbout, Found {
  readonly schema: typeof SEARCH_SCHEMA;
}

const text = z.string();
const share = z.number().min(0).max(1);
const count = z.number().nonnegative();
const limitMs = z.number().positive().optional();
const value = z.number().positive();
const verdicts = ['holds', 'fails'] as const;

const evidence = z.object({
  requests: count.describe('Requests that it is about. Those that fill the server up are left out.'),
  kept: share.describe('Share of them that kept the objective; 1 where there are none.'),
  inflation: z
    .number()
    .min(1)
    .describe('Requests in a row that say as much as one that is independent of the others.'),
  ofLimit: count
    .optional()
    .describe(
      "The latency that the objective's share of requests keeps, over its limit. Missing where so many failed that there is none.",
    ),
});

const seen = z.object({
  evidence: z.array(evidence).describe('What it says of each objective, in their order.'),
  earlier: z.array(evidence).describe('The same of its first requests alone.'),
  backlog: z
    .object({
      mean: count.describe('Mean requests in flight as others were due.'),
      grows: z.boolean().describe('More and more requests were in flight: the server does not keep up.'),
      isSteady: z.boolean().describe('They did not become more, or not by much.'),
    })
    .describe('Requests in flight.'),
  isSettled: z.boolean().describe('The load was long enough that the server had filled up.'),
});

const probe = z.object({
  name: text.describe('Its folder in `probes/`.'),
  value: value.describe("What was tried: requests/s or requests in flight, as the search's `quantity` says."),
  isThorough: z
    .boolean()
    .describe('It was to go on until its value is decided. Others end when they show where to look next.'),
  seen: seen.describe('What it has shown.'),
  seconds: count.describe('Seconds of its measured load.'),
  invalid: text.optional().describe('Why it says nothing. Missing where it counts.'),
  verdict: z
    .enum([...verdicts, 'open'])
    .describe('What all probes together say of its value; `open`: they do not decide it.'),
  leans: z.enum(verdicts).describe('What it seems to be by itself, decided or not.'),
});

/** The content of `search.json`: a search for the highest rate, or the most requests in flight. */
export const searchSchema: z.ZodType<StoredSearch> = z.object({
  schema: z.literal(SEARCH_SCHEMA).describe('Kind and version of this file.'),
  sweepline: text.describe("Sweepline's version."),
  startedAt: z.iso.datetime().describe('When the search was begun; UTC, ISO 8601.'),
  model: text.describe('The model, as --model names it.'),
  baseUrl: text.describe('Address of the server, without /v1.'),
  quantity: z
    .enum(['rate', 'concurrency'])
    .describe('What was looked for: `rate` in requests/s, or `concurrency` in requests in flight.'),
  objectives: z
    .array(
      z.object({
        share: share.describe('Share of the requests that must keep all of the limits.'),
        limits: z
          .object({
            ttftMs: limitMs.describe('Longest time to first token, ms.'),
            tpotMs: limitMs.describe('Longest time per output token after the first, ms.'),
            e2elMs: limitMs.describe('Longest time from request to last token, ms.'),
          })
          .describe('Longest latencies of a request.'),
      }),
    )
    .describe('What must hold, all of it.'),
  bracket: z
    .object({
      holds: value.optional().describe('The largest value at which the objectives were seen to hold.'),
      fails: value.optional().describe('The least value at which they were seen to fail.'),
    })
    .describe(
      "What the search has found, in the unit of its `quantity`. An end that isn't known is missing.",
    ),
  how: z
    .enum(['bracket', 'wide', 'none', 'beyond', 'limit', 'invalid', 'unfinished'])
    .describe(
      'How it ended. `bracket`: as narrow as asked for; `wide`: what is between its ends stays open; `none`: they fail even where requests ' +
        'hardly meet; `beyond`: they hold at the largest value; `limit`: its time was over; `invalid`: six loads in a row were; ' +
        '`unfinished`: it goes on, or was stopped.',
    ),
  error: share.describe('Largest chance that one verdict is wrong.'),
  probes: z.array(probe).describe('Every probe, in the order in which they were run.'),
});
