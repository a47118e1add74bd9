import type { CommandContext, CompletedResult, Mark, Result } from '@sweepline/core';
import { parsed } from '../json.js';
import type { Verified } from '../verify/verify-bundle.js';
import { agreementOf, COMPARED, type Agreement } from './agreement.js';
import { changedFacts } from './changed-facts.js';
import type { Difference } from '../differences.js';
import { noiseOf, type Values } from './noise.js';
import { otherRuns } from './other-runs.js';
import { runEndpoint } from './run-endpoint.js';
import { runPoint, type RunAgain } from './run-point.js';

export interface ReproduceOptions {
  /** How often the point is run. */
  readonly repeat: number;
  /** Base URL of the server to load, for a point whose server Sweepline did not start. */
  readonly endpoint?: string;
}

export interface Reproduced {
  /** Runs of the workspace that were made. */
  readonly runs: readonly string[];
  readonly differences: readonly Difference[];
  readonly agreement: Agreement;
}

/** Why nothing can be said, and what would change that. */
export interface Undecided {
  readonly why: string;
  readonly decider: string;
}

/** Why a bundle's point can't be compared, whatever is run; undefined if it can. */
export function whyIncomparable(result: Result, options: ReproduceOptions): Undecided | undefined {
  const { state, endpoint, files } = result;
  if (state !== 'completed')
    return {
      why: `the point of the bundle ${state}: it has no numbers`,
      decider: 'a bundle of a completed point',
    };
  const codes = invalidMarks(result).map(({ code }) => code);
  if (codes.length > 0)
    return {
      why: `the result of the bundle is invalid (${codes.join(', ')}): its numbers compare with nothing`,
      decider: 'a bundle of a result that is valid',
    };
  if (endpoint === undefined) return undefined;
  if (options.endpoint === undefined)
    return {
      why: 'its server was not started by Sweepline, so that it can not be started again',
      decider: 'a server like it: --endpoint URL',
    };
  if (files?.load !== undefined) return undefined;
  return { why: 'the bundle has no load.json', decider: 'a bundle with its load' };
}

/** Runs a bundle's point, and compares. @throws {SweeplineError} when a run gives no result */
export async function reproduceBundle(
  context: CommandContext,
  { manifest, files }: Verified,
  original: CompletedResult,
  { repeat, endpoint }: ReproduceOptions,
): Promise<Reproduced> {
  const { files: names = {} } = original;
  const contentOf = (name = ''): string | undefined => files.get(name)?.toString();
  const again: RunAgain[] = [];
  for (let number = 1; number <= repeat; number++) {
    context.logger.info(`run ${number} of ${repeat}`);
    again.push(
      original.endpoint === undefined
        ? await runPoint(context, original)
        : await runEndpoint(context, original, contentOf(names.load) ?? '', endpoint ?? ''),
    );
  }
  const [first] = again;
  const runs = again.flatMap(({ run }) => run ?? []);
  const plan = parsed(contentOf(names.plan));
  const differences = first === undefined ? [] : changedFacts({ result: original, plan }, first);
  const invalid = [original, ...again.map(({ result }) => result)].flatMap(invalidMarks);
  if (first === undefined || invalid.length > 0)
    return { runs, differences, agreement: withoutNumbers(invalid) };
  const values = valuesOf(again.map(({ result }) => result));
  const others =
    first.run === undefined ? {} : await otherRuns(context, first, [manifest?.run ?? '', ...runs]);
  const noise = noiseOf({ again: values, others, comparisons: COMPARED.length });
  return { runs, differences, agreement: agreementOf(original.metrics, values, noise) };
}

function invalidMarks({ marks }: CompletedResult): readonly Mark[] {
  return marks.filter(({ severity }) => severity === 'invalid');
}

function withoutNumbers(marks: readonly Mark[]): Agreement {
  const codes = [...new Set(marks.map(({ code }) => code))].join(', ');
  return {
    verdict: "can't say",
    metrics: [],
    basis: `no comparison: results are invalid (${codes})`,
    decider: `runs without ${codes}: docs/metrics.md says what leads to each mark`,
  };
}

function valuesOf(results: readonly CompletedResult[]): Values {
  return Object.fromEntries(
    COMPARED.map((metric) => [metric, results.flatMap(({ metrics }) => metrics[metric] ?? [])]),
  );
}
