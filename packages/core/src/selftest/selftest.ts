import { exactCells, maxCell, pacedCell, type Cell, type Sides } from './cell.js';
import type { Measured } from './compare.js';
import { isWithin1Ms, isWithin5Percent, rooflineOf, type Bound, type Roofline } from './verdict.js';

/** Number of levels that must fail in a row before higher ones are skipped. */
const LEVELS_TO_MISS = 2;
/** Number of runs that must agree for a result to count. */
const RUNS_TO_AGREE = 2;

export interface SelftestPlan {
  /** Numbers of workers to try, ascending, and the number of server processes for each. */
  readonly sides: readonly Sides[];
  /** Numbers of streams to try, ascending. */
  readonly streams: readonly number[];
  /** Tokens of a paced answer. */
  readonly outputLen: number;
  /** Requests at the highest rate. */
  readonly maxRequests: number;
  /** Seconds for each number of workers: no cell begins later. */
  readonly budgetS: number;
}

export const DEFAULT_PLAN: Omit<SelftestPlan, 'sides'> = {
  streams: [64, 256, 512, 1024, 2048, 4096, 8192, 16_384],
  outputLen: 48,
  maxRequests: 4096,
  budgetS: 70,
};

export const QUICK_PLAN: Omit<SelftestPlan, 'sides'> = {
  streams: [64, 256, 1024],
  outputLen: 32,
  maxRequests: 1024,
  budgetS: 20,
};

export interface Selftest {
  readonly measured: readonly Measured[];
  readonly rooflines: readonly Roofline[];
  /** Whether the client's counts and texts matched the server's everywhere. */
  readonly exact: boolean;
  /** Whether the time ran out before everything had been tried. */
  readonly cutShort: boolean;
}

/** Runs a cell and compares both sides. */
export type Measure = (cell: Cell) => Promise<Measured>;

/** Measures this machine's client against servers whose behaviour is known. */
export async function selftest(plan: SelftestPlan, measure: Measure): Promise<Selftest> {
  const test = new Test(plan, measure);
  for (const cell of exactCells()) await test.run(cell);
  // The figures of a client that counts wrongly are worthless.
  const sides = test.exact ? plan.sides : [];
  let from = 0;
  for (const side of sides) {
    test.endMs = performance.now() + 1000 * plan.budgetS;
    await test.climb(side, from);
    await test.confirm(side, isWithin5Percent);
    await test.confirm(side, isWithin1Ms);
    // Levels that fewer workers met within 1 ms need not be tried with more.
    from = Math.max(from, rooflineOf(side.workers, test.measured).within1Ms?.streams ?? 0);
  }
  return {
    measured: test.measured,
    rooflines: sides.map(({ workers }) => rooflineOf(workers, test.measured)),
    exact: test.exact,
    cutShort: test.cutShort,
  };
}

class Test {
  readonly measured: Measured[] = [];
  cutShort = false;
  /** No cell begins later. */
  endMs = Infinity;

  constructor(
    private readonly plan: SelftestPlan,
    private readonly measure: Measure,
  ) {}

  get exact(): boolean {
    return this.measured.every(({ problems }) => problems.length === 0);
  }

  /**
   * The highest rate, then increasing numbers of streams from a given one, until the error exceeds 5 % at two levels in a row or the server
   * can't keep up.
   */
  async climb(sides: Sides, from: number): Promise<void> {
    const { streams, maxRequests } = this.plan;
    for (const eventsPerWrite of [1, 8]) await this.run(maxCell(eventsPerWrite, sides, maxRequests));
    let missed = 0;
    for (const count of streams.filter((level) => level >= from)) {
      const { met, serverIsLimit } = await this.try(count, sides);
      missed = met ? 0 : missed + 1;
      if (missed === LEVELS_TO_MISS || serverIsLimit) break;
    }
  }

  /** Another program may have caused a miss: try once more. */
  private async try(
    streams: number,
    sides: Sides,
  ): Promise<{ readonly met: boolean; readonly serverIsLimit: boolean }> {
    const first = await this.paced(streams, sides);
    const last = first !== undefined && isWithin5Percent(first) ? first : await this.paced(streams, sides);
    return { met: last !== undefined && isWithin5Percent(last), serverIsLimit: last?.limit === 'server' };
  }

  /** A single lucky run must not decide: the highest level is repeated until two runs agree; if they miss, the level below is next. */
  async confirm(sides: Sides, bound: Bound): Promise<void> {
    for (const streams of this.plan.streams.toReversed()) {
      const met = await this.agreed(streams, sides, bound);
      if (met || this.isOver) return;
    }
  }

  /** Whether enough runs met a level before as many missed it. */
  private async agreed(streams: number, sides: Sides, bound: Bound): Promise<boolean> {
    const own = this.measured.filter(
      ({ cell }) => cell.kind === 'paced' && cell.workers === sides.workers && cell.streams === streams,
    );
    let met = own.filter(bound).length;
    let missed = own.length - met;
    while (met > 0 && met < RUNS_TO_AGREE && missed < RUNS_TO_AGREE) {
      const measured = await this.paced(streams, sides);
      if (measured === undefined) break;
      if (bound(measured)) met++;
      else missed++;
    }
    return met >= RUNS_TO_AGREE && met > missed;
  }

  private paced(streams: number, sides: Sides): Promise<Measured | undefined> {
    return this.run(pacedCell(streams, sides, this.plan.outputLen));
  }

  private get isOver(): boolean {
    return performance.now() > this.endMs;
  }

  async run(cell: Cell): Promise<Measured | undefined> {
    if (this.isOver) {
      this.cutShort = true;
      return undefined;
    }
    const measured = await this.measure(cell);
    this.measured.push(measured);
    return measured;
  }
}
