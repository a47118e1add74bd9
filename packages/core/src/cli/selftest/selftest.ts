import { exactCells, maxCell, pacedCell, type Cell } from './cell.js';
import { compare, type Measured } from './compare.js';
import { runCell, type CellContext } from './run-cell.js';
import { isWithin5Percent, rooflineOf, type Roofline } from './verdict.js';

export interface SelftestPlan {
  /** Numbers of workers to try, ascending. */
  readonly workers: readonly number[];
  /** Numbers of streams to try, ascending. */
  readonly streams: readonly number[];
  /** Tokens of a paced answer. */
  readonly outputLen: number;
  /** Requests at the highest rate. */
  readonly maxRequests: number;
  /** No cell is begun later than this, seconds. */
  readonly budgetS: number;
}

export const DEFAULT_PLAN: Omit<SelftestPlan, 'workers'> = {
  streams: [16, 64, 256, 512, 1024, 2048, 4096],
  outputLen: 64,
  maxRequests: 4096,
  budgetS: 80,
};

export const QUICK_PLAN: Omit<SelftestPlan, 'workers'> = {
  streams: [16, 128, 512],
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
  const test = new Test(plan, context, onMeasured);
  for (const cell of exactCells()) await test.run(cell);
  let from = 0;
  for (const workers of plan.workers) from = await test.climb(workers, from);
  return {
    measured: test.measured,
    rooflines: plan.workers.map((workers) => rooflineOf(workers, test.measured)),
    exact: test.measured.every(({ problems }) => problems.length === 0),
    cutShort: test.cutShort,
  };
}

class Test {
  readonly measured: Measured[] = [];
  cutShort = false;
  private readonly endMs: number;

  constructor(
    private readonly plan: SelftestPlan,
    private readonly context: CellContext,
    private readonly onMeasured: (measured: Measured) => void,
  ) {
    this.endMs = performance.now() + 1000 * plan.budgetS;
  }

  /**
   * The highest rate, then more and more streams from the level `from` on until the truth is missed by more than 5 %. Returns the
   * highest level that did: more workers need not be tried below it.
   */
  async climb(workers: number, from: number): Promise<number> {
    const { streams, outputLen, maxRequests } = this.plan;
    for (const eventsPerWrite of [1, 8]) await this.run(maxCell(eventsPerWrite, workers, maxRequests));
    let reached = from;
    for (const [level, count] of streams.entries()) {
      if (level < from) continue;
      if (!(await this.passes(pacedCell(count, workers, outputLen)))) break;
      reached = level;
    }
    return reached;
  }

  /** A miss may be the work of another program: it is tried once more. */
  private async passes(cell: Cell): Promise<boolean> {
    const passed = async (): Promise<boolean> => {
      const measured = await this.run(cell);
      return measured !== undefined && isWithin5Percent(measured);
    };
    return (await passed()) || (await passed());
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
