import { exactCells, maxCell, pacedCell, type Cell, type Sides } from './cell.js';
import { compare, type Measured } from './compare.js';
import { runCell, type CellContext } from './run-cell.js';
import { isWithin5Percent, rooflineOf, type Roofline } from './verdict.js';

/** Levels that are missed, one after the other, before no higher one is tried. */
const LEVELS_TO_MISS = 2;

export interface SelftestPlan {
  /** Numbers of workers to try, ascending, and of the server's processes beside them. */
  readonly sides: readonly Sides[];
  /** Numbers of streams to try, ascending. */
  readonly streams: readonly number[];
  /** Tokens of a paced answer. */
  readonly outputLen: number;
  /** Requests at the highest rate. */
  readonly maxRequests: number;
  /** No cell is begun later than this, seconds. */
  readonly budgetS: number;
}

export const DEFAULT_PLAN: Omit<SelftestPlan, 'sides'> = {
  streams: [64, 256, 512, 1024, 2048, 4096, 8192, 16_384],
  outputLen: 48,
  maxRequests: 4096,
  budgetS: 75,
};

export const QUICK_PLAN: Omit<SelftestPlan, 'sides'> = {
  streams: [64, 256, 1024],
  outputLen: 32,
  maxRequests: 1024,
  budgetS: 25,
};

export interface Selftest {
  readonly measured: readonly Measured[];
  readonly rooflines: readonly Roofline[];
  /** Whether the client's counts and texts were the server's, everywhere. */
  readonly exact: boolean;
  /** Whether the budget was spent before everything had been tried. */
  readonly cutShort: boolean;
}

/** Measures this machine's client against servers whose truth is known. `onMeasured` hears of each cell. */
export async function selftest(
  plan: SelftestPlan,
  context: CellContext,
  onMeasured: (measured: Measured) => void,
): Promise<Selftest> {
  const startMs = performance.now();
  const test = new Test(plan, context, onMeasured);
  for (const cell of exactCells()) await test.run(cell);
  // The figures of a client that counts wrongly are worth nothing.
  const sides = test.exact ? plan.sides : [];
  let from = 0;
  for (const [i, side] of sides.entries()) {
    // Each has its share of the time, and what those before it left.
    test.endMs = startMs + (1000 * plan.budgetS * (i + 1)) / sides.length;
    from = await test.climb(side, from);
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
  /** No cell is begun later. */
  endMs = Infinity;

  constructor(
    private readonly plan: SelftestPlan,
    private readonly context: CellContext,
    private readonly onMeasured: (measured: Measured) => void,
  ) {}

  get exact(): boolean {
    return this.measured.every(({ problems }) => problems.length === 0);
  }

  /**
   * The highest rate, then more and more streams from the level `from` on until the truth is missed by more than 5 % at two levels in
   * a row, or the server can't follow. Returns the highest level that was met: more workers need not be tried below it.
   */
  async climb(sides: Sides, from: number): Promise<number> {
    const { streams, outputLen, maxRequests } = this.plan;
    for (const eventsPerWrite of [1, 8]) await this.run(maxCell(eventsPerWrite, sides, maxRequests));
    let reached = from;
    let missed = 0;
    for (const [level, count] of streams.entries()) {
      if (level < from) continue;
      const { met, serverIsLimit } = await this.try(pacedCell(count, sides, outputLen));
      if (met) [reached, missed] = [level, 0];
      else missed++;
      if (missed === LEVELS_TO_MISS || serverIsLimit) break;
    }
    return reached;
  }

  /** A miss may be the work of another program: it is tried once more. */
  private async try(cell: Cell): Promise<{ readonly met: boolean; readonly serverIsLimit: boolean }> {
    const first = await this.run(cell);
    const met = first !== undefined && isWithin5Percent(first);
    const last = met ? first : await this.run(cell);
    return {
      met: met || (last !== undefined && isWithin5Percent(last)),
      serverIsLimit: last?.limit === 'server',
    };
  }

  async run(cell: Cell): Promise<Measured | undefined> {
    if (performance.now() > this.endMs) {
      this.cutShort = true;
      return undefined;
    }
    const measured = compare(cell, await runCell(cell, this.context));
    this.measured.push(measured);
    this.onMeasured(measured);
    return measured;
  }
}
