import { describe, expect, it, vi } from 'vitest';

/** What this test needs of a fault of checks/faults. */
interface Fault {
  readonly name: string;
  readonly what: string;
  readonly slow?: boolean;
  readonly expect: Readonly<Record<string, unknown>>;
}

interface Outcome {
  readonly marks: readonly { readonly code: string; readonly severity: string }[];
  readonly failed?: string;
}

// Marks are judged here, and not times.
vi.stubEnv('SWEEPLINE_REHEARSAL_REQUESTS', '30');

const CHECK = new URL('../../../../checks/faults/', import.meta.url);
const { FAULTS } = (await import(new URL('faults/index.js', CHECK).href)) as { FAULTS: readonly Fault[] };
const { isCaught, runFault } = (await import(new URL('run-fault.js', CHECK).href)) as {
  readonly runFault: (fault: Fault) => Promise<Outcome>;
  readonly isCaught: (outcome: Outcome, expected: Fault['expect']) => boolean;
};

/** Those that need seconds, or the machine for themselves, are checked by checks/faults/run.js. */
const FAST = FAULTS.filter(({ slow }) => slow !== true);

describe('the table of faults', () => {
  it('has a name of its own for each of 40 or more', () => {
    const names = FAULTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(40);
  });

  // Side by side they make the machine busy, which may bring other marks about: a mark that is missing is missing each time.
  it.concurrent.each(FAST)('$name: $what', { timeout: 120_000, retry: 2 }, async (fault) => {
    const outcome = await runFault(fault);
    const { marks, failed } = outcome;
    expect(
      { caught: isCaught(outcome, fault.expect), expected: fault.expect, marks, failed },
      'the mark that it should have',
    ).toMatchObject({ caught: true });
  });
});
