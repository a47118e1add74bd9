import { SweeplineError } from '../../errors.js';
import type { LoadSpec } from '../../load/spec/spec.js';
import type { Logger } from '../../logger.js';
import { ERROR, fewestFor, type Verdict } from './decide.js';
import type { Objective } from './objectives.js';
import { runProbe, type Probed, type RunLoad } from './probe.js';
import { counted, triedOf, type Probe } from './probes.js';
import { bracketOf, nextStep, type Bracket, type Range, type Step } from './search.js';

/** What is looked for: requests per second, or requests in flight. */
export type Quantity = 'rate' | 'concurrency';

export interface FindOptions {
  readonly quantity: Quantity;
  readonly objectives: readonly Objective[];
  /** The value that is tried first; by default one that a burst suggests. */
  readonly first?: number;
  /** How far apart the bracket's ends may be: 0.1 is 10 %. */
  readonly precision: number;
  /** Requests of a probe, at most. */
  readonly probeRequests: number;
  /** Seconds of a probe, and of the search. */
  readonly probeLimitS: number;
  readonly searchLimitS: number;
  readonly allowInvalid: boolean;
}

/** A load that is to be sent. */
export interface Load {
  /** Requests per second or in flight; Infinity: all at once. */
  readonly value: number;
  readonly requests: number;
  /** Of this search, from 0: prompts and schedules of each are others. */
  readonly number: number;
  readonly folder: string;
}

export interface FindContext {
  readonly run: RunLoad;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Seconds on a clock that only goes forward. */
  readonly now: () => number;
  /** The spec of a load, its records in the load's folder. */
  readonly specOf: (load: Load) => Promise<LoadSpec>;
  /** Makes the folder of a probe. */
  readonly openProbe: (name: string) => Promise<string>;
  /** Keeps what a probe has shown, and what the search has found so far. */
  readonly save: (folder: string, probe: FoundProbe, probed: Probed, soFar: Found) => Promise<void>;
}

/** A probe that was run. */
export interface FoundProbe extends Probe {
  /** Folder of its files, in that of the search. */
  readonly name: string;
  /** Of its measured load. */
  readonly seconds: number;
}

/** A probe, and what all probes together say of its value. */
export interface JudgedProbe extends FoundProbe {
  readonly verdict: Verdict;
  /** What it seems to be by itself, decided or not. */
  readonly leans: 'holds' | 'fails';
}

/** `limit`: the time was over; `invalid`: one load after the other was; `unfinished`: the search goes on, or was stopped. */
export type How = Extract<Step, { kind: 'done' }>['how'] | 'limit' | 'invalid' | 'unfinished';

export interface Found {
  readonly quantity: Quantity;
  readonly objectives: readonly Objective[];
  readonly bracket: Bracket;
  readonly how: How;
  /** Chance that one verdict is wrong. */
  readonly error: number;
  /** In the order in which they were run. */
  readonly probes: readonly JudgedProbe[];
}

/** Requests of the burst, and the share of its pace that is tried first. */
const BURST = 64;
const FIRST_SHARE = 0.7;
/** Where concurrency is tried first. */
const FIRST_CONCURRENCY = 8;
/** Times that a closed loop goes round at least: the first rounds fill the server. */
const ROUNDS = 10;
/** Three values, each of them twice. */
const INVALID_IN_A_ROW = 6;
const MOST: Readonly<Record<Quantity, number>> = { rate: Infinity, concurrency: 2 ** 14 };

/**
 * Finds the highest value at which the objectives hold on a server that runs already.
 * @throws {SweeplineError} USAGE where no probe could be long enough; what the loads throw.
 */
export async function findMax(options: FindOptions, context: FindContext): Promise<Found> {
  checkRequests(options);
  const search = new MaxSearch(options, context);
  return search.run();
}

class MaxSearch {
  private readonly probes: FoundProbe[] = [];
  private readonly beganS: number;

  constructor(
    private readonly options: FindOptions,
    private readonly context: FindContext,
  ) {
    this.beganS = context.now();
  }

  async run(): Promise<Found> {
    const { precision, quantity } = this.options;
    const isWhole = quantity === 'concurrency';
    const range: Range = {
      first: this.options.first ?? (isWhole ? FIRST_CONCURRENCY : await this.guess()),
      least: isWhole ? 1 : 0,
      most: MOST[quantity],
      isWhole,
      precision,
    };
    let how: How = 'limit';
    while (this.leftS > 0) {
      const step = nextStep(triedOf(counted(this.probes), this.options.objectives), range);
      if (step.kind === 'done') {
        how = step.how;
        break;
      }
      await this.probe(step.value, step.isThorough);
      if (this.isHopeless) {
        how = 'invalid';
        break;
      }
    }
    return this.found(how);
  }

  private found(how: How): Found {
    const { quantity, objectives } = this.options;
    const tried = triedOf(this.probes, objectives);
    const probes = tried.map(({ probe, verdict, leans }) => ({ ...probe, verdict, leans }));
    return { quantity, objectives, bracket: bracketOf(tried), how, error: ERROR, probes };
  }

  /** What makes one load after the other invalid will go on. */
  private get isHopeless(): boolean {
    const last = this.probes.slice(-INVALID_IN_A_ROW);
    return last.length === INVALID_IN_A_ROW && last.every(({ invalid }) => invalid !== undefined);
  }

  private get leftS(): number {
    return this.beganS + this.options.searchLimitS - this.context.now();
  }

  /** How fast requests end that are sent at once shows where a rate is worth a try. */
  private async guess(): Promise<number> {
    const requests = Math.min(BURST, this.options.probeRequests);
    const folder = await this.context.openProbe('00-burst');
    const spec = await this.context.specOf({ value: Infinity, requests, number: 0, folder });
    const { run, seconds } = await runProbe(spec, { ...this.probeOptions(Infinity, false), objectives: [] });
    const completed = run.requests.filter(({ state }) => state === 'completed').length;
    if (completed === 0 || seconds === 0) {
      throw new SweeplineError('REQUEST_FAILED', `none of ${run.requests.length} requests completed`, {
        hint: `Its records are in ${folder}`,
      });
    }
    return (FIRST_SHARE * completed) / seconds;
  }

  private async probe(value: number, isThorough: boolean): Promise<void> {
    const { context, options } = this;
    const number = this.probes.length + 1;
    const name = nameOf(number, value, options.quantity);
    const folder = await context.openProbe(name);
    const spec = await context.specOf({ value, requests: this.requestsAt(value), number, folder });
    context.logger.info(
      `probe ${number}: ${describe(value, options.quantity)}${isThorough ? ', to be decided' : ''}`,
    );
    const probed = await runProbe(spec, this.probeOptions(value, isThorough));
    const { seen, seconds, invalid } = probed;
    const probe = { name, value, isThorough, seen, seconds, ...(invalid !== undefined && { invalid }) };
    this.probes.push(probe);
    await context.save(folder, probe, probed, this.found('unfinished'));
  }

  private requestsAt(value: number): number {
    const { quantity, probeRequests, probeLimitS } = this.options;
    if (quantity === 'concurrency') return Math.max(probeRequests, Math.ceil(ROUNDS * value));
    return Math.max(1, Math.min(probeRequests, Math.ceil(value * probeLimitS)));
  }

  private probeOptions(value: number, isThorough: boolean): Parameters<typeof runProbe>[1] {
    const { objectives, allowInvalid, probeLimitS } = this.options;
    const { run, signal } = this.context;
    const limitS = Math.max(1, Math.min(probeLimitS, this.leftS));
    return { value, isThorough, objectives, others: this.probes, allowInvalid, run, signal, limitS };
  }
}

/** `03-rate-12.5`. */
function nameOf(number: number, value: number, quantity: Quantity): string {
  return `${String(number).padStart(2, '0')}-${quantity}-${short(value)}`;
}

/** A value for readers. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function describe(value: number, quantity: Quantity): string {
  return quantity === 'rate' ? `${short(value)} requests/s` : `${value} in flight`;
}

/** Not even a probe in which all is well could show that they hold. */
function checkRequests({ objectives, probeRequests }: FindOptions): void {
  const share = Math.max(...objectives.map((one) => one.share));
  const needed = fewestFor(share);
  if (probeRequests >= needed) return;
  throw new SweeplineError(
    'USAGE',
    `${probeRequests} requests can't show that ${short(100 * share)} % keep the objectives: ${needed} can, if all of them do`,
    { hint: 'Give a larger --num-prompts, or a smaller share or percentile' },
  );
}
