import { readFile } from 'node:fs/promises';
import { SweeplineError } from '../../errors.js';
import { hasSchedule } from '../../load/arrival/index.js';
import type { LoadProgress } from '../../load/records/progress.js';
import { decodeRunRecord } from '../../load/records/read-records.js';
import type { RunRecord } from '../../load/records/record.js';
import type { LoadSpec } from '../../load/spec/spec.js';
import { marksOf, type Mark } from '../../metrics/marks.js';
import { hasLean, isPointless } from './decide.js';
import { nextLook } from './looks.js';
import type { Objective } from './objectives.js';
import { verdictWith, type Probe } from './probes.js';
import { samplesOf } from './samples.js';
import { seenIn, type Seen } from './seen.js';

/** Runs a load as a process of its own. @throws {SweeplineError} INTERRUPTED when the signal ends it; its records are in its file then. */
export type RunLoad = (
  spec: LoadSpec,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
) => Promise<RunRecord>;

export interface ProbeOptions extends Pick<Probe, 'value' | 'isThorough'> {
  readonly objectives: readonly Objective[];
  /** The probes before it. */
  readonly others: readonly Probe[];
  /** Seconds of measured load after which it ends whatever it has shown. */
  readonly limitS: number;
  /** Results that marks make invalid count all the same. */
  readonly allowInvalid: boolean;
  readonly run: RunLoad;
  readonly signal: AbortSignal;
}

/** What a load has shown. */
export interface Probed {
  readonly run: RunRecord;
  readonly seen: Seen;
  /** Why it says nothing. */
  readonly invalid?: string;
  /** Seconds from the first request to the end. */
  readonly seconds: number;
}

/** Marks of what the objectives judge, or of a load that is ended on purpose. */
const JUDGED: readonly string[] = ['incomplete', 'failed-requests', 'no-completed-request'];
/** Marks that begin so are of a client that was too slow. It makes latencies longer, never shorter. */
const CLIENT = 'client';
const SLOW_CLIENT = 'slow-client';

/** Loads an endpoint until the objectives are decided, or until its limits. */
export async function runProbe(spec: LoadSpec, options: ProbeOptions): Promise<Probed> {
  const enough = new AbortController();
  const watch = new Watch(spec, options, () => enough.abort());
  let whole: RunRecord | undefined;
  try {
    whole = await options.run(
      spec,
      (progress) => watch.onProgress(progress),
      AbortSignal.any([options.signal, enough.signal]),
    );
  } catch (error) {
    const isStopped =
      error instanceof SweeplineError && error.code === 'INTERRUPTED' && enough.signal.aborted;
    if (!isStopped || options.signal.aborted) throw error;
  } finally {
    await watch.end();
  }
  const run = whole ?? (await recordsOf(spec));
  checkAnswers(run);
  // What has decided it counts: more of the same load could make any verdict look open again.
  const seen = watch.enough ?? seenInRun(run, options.objectives);
  const invalid = options.allowInvalid ? undefined : invalidityOf(marksOf(run), verdictOf(seen, options));
  const seconds = (run.window.endMs - run.window.startMs) / 1000;
  return { run, seen, seconds, ...(invalid !== undefined && { invalid }) };
}

function verdictOf(seen: Seen, { value, others, objectives }: ProbeOptions): ReturnType<typeof verdictWith> {
  return verdictWith({ value, seen }, others, objectives);
}

/** Looks at a load while it goes on. */
class Watch {
  /** What ended it: it is decided, it shows where to look next, or going on would lead nowhere. */
  enough: Seen | undefined;
  private look = nextLook(0);
  private beganMs: number | undefined;
  private looking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly spec: LoadSpec,
    private readonly options: ProbeOptions,
    private readonly stop: () => void,
  ) {}

  onProgress({ phase, done, total }: LoadProgress): void {
    if (phase !== 'measure') return;
    const { limitS } = this.options;
    this.beganMs ??= performance.now();
    this.timer ??= setTimeout(this.stop, limitS * 1000);
    if (done < this.look || this.looking !== undefined) return;
    this.look = nextLook(done);
    const part = Math.max(done / total, (performance.now() - this.beganMs) / (1000 * limitS));
    this.looking = this.judge(part).finally(() => (this.looking = undefined));
  }

  async end(): Promise<void> {
    clearTimeout(this.timer);
    await this.looking;
  }

  /** @param part of the load that has run, by its limits */
  private async judge(part: number): Promise<void> {
    const { objectives, isThorough } = this.options;
    // What can't be read now is read when the load has ended, and what is wrong with it is said then.
    const run = await recordsOf(this.spec).catch(() => undefined);
    if (run === undefined) return;
    try {
      const seen = seenInRun(run, objectives);
      const isEnough = isThorough ? isPointless(seen, objectives, part) : hasLean(seen, objectives);
      if (!isEnough && verdictOf(seen, this.options) === 'open') return;
      this.enough = seen;
      this.stop();
    } catch {
      this.stop();
    }
  }
}

/** @throws {SweeplineError} REQUEST_FAILED where all failed: that says nothing of how fast the server is. */
function checkAnswers({ requests }: RunRecord): void {
  const failed = requests.filter(({ state }) => state === 'failed');
  const [first] = failed;
  if (first === undefined || requests.some(({ state }) => state === 'completed')) return;
  const { code = 'failed', message = '' } = first.error ?? {};
  throw new SweeplineError(
    'REQUEST_FAILED',
    `none of ${requests.length} requests completed; the first: ${code}: ${message}`,
    {
      hint: 'sweepline bench with --num-prompts 1 shows whether the server answers at all',
    },
  );
}

async function recordsOf({ output: { recordsFile } }: LoadSpec): Promise<RunRecord> {
  return decodeRunRecord(await readFile(recordsFile));
}

function seenInRun(run: RunRecord, objectives: readonly Objective[]): Seen {
  return seenIn(samplesOf(run, objectives), objectives, hasSchedule(run.spec.arrival));
}

/** A load counts only where it and its client were what they should be. */
function invalidityOf(marks: readonly Mark[], verdict: ReturnType<typeof verdictWith>): string | undefined {
  const found = marks.find(({ code, severity }) => {
    if (severity !== 'invalid' || JUDGED.includes(code)) return false;
    const isClient = code === SLOW_CLIENT || code.startsWith(CLIENT);
    return !(isClient && verdict === 'holds');
  });
  return found === undefined ? undefined : `${found.code}: ${found.message}`;
}
