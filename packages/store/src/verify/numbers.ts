import { messageOf, recomputeResult, type CompletedResult, type Result } from '@sweepline/core';
import { coreVersion } from '../installed.js';
import { object } from '../json.js';
import type { Change } from './change.js';

/** Share by which a number may differ: sums in another order. */
const TOLERANCE = 1e-9;
/** Numbers that a message names. */
const MOST_NAMED = 5;

/** Whether a result's numbers follow from its records. */
export interface NumbersCheck {
  /** Why they could not be computed again. */
  readonly skipped?: string;
  /** How many were computed again, and are as the result says. */
  readonly agreeing: number;
  /** Names of numbers that only plugins can compute. */
  readonly unknown: readonly string[];
  readonly changes: readonly Change[];
}

/** What is needed of a bundle. */
export interface NumberFiles {
  readonly records?: Buffer;
  readonly telemetry?: Buffer;
  readonly plan?: Buffer;
}

export async function checkNumbers(result: Result, files: NumberFiles): Promise<NumbersCheck> {
  const none = { agreeing: 0, unknown: [], changes: [] };
  if (result.state !== 'completed')
    return { ...none, skipped: `the point ${result.state}: it has no numbers` };
  const { records, telemetry, plan } = files;
  if (records === undefined) return { ...none, skipped: 'it has no records, or more than 512 MiB of them' };
  try {
    const devices = plan && devicesOf(plan);
    const again = await recomputeResult(result, {
      records,
      ...(telemetry !== undefined && { telemetry: telemetry.toString() }),
      ...(devices !== undefined && { devices }),
    });
    return await byVersion(result, compared(result, again));
  } catch (error) {
    return {
      ...none,
      changes: [
        { what: 'the numbers of result.json', problem: `can't be computed again: ${messageOf(error)}` },
      ],
    };
  }
}

type Devices = NonNullable<Parameters<typeof recomputeResult>[1]['devices']>;

/** The devices that the plan laid out. */
function devicesOf(plan: Buffer): Devices | undefined {
  const { total, prefill, decode } = object(object(JSON.parse(plan.toString()))['devices']);
  if (typeof total !== 'number') return undefined;
  const isSplit = typeof prefill === 'number' && typeof decode === 'number';
  return { total, ...(isSplit && { prefill, decode }) };
}

type Again = Awaited<ReturnType<typeof recomputeResult>>;

function compared(result: CompletedResult, again: Again): NumbersCheck {
  const parts = [
    compareValues(result.metrics, again.metrics),
    compareValues(result.row, again.row),
    compareValues(result.delivered, again.delivered),
  ];
  const wrong = parts.flatMap((part) => part.wrong);
  const codes = new Set(result.marks.map(({ code }) => code));
  const hidden = again.marks.filter(({ severity, code }) => severity === 'invalid' && !codes.has(code));
  const names = wrong.slice(0, MOST_NAMED).join('; ') + (wrong.length > MOST_NAMED ? '; …' : '');
  return {
    agreeing: parts.reduce((sum, { agreeing }) => sum + agreeing, 0),
    unknown: [...new Set(parts.flatMap(({ unknown }) => unknown))],
    changes: [
      ...(wrong.length === 0
        ? []
        : [
            {
              what: 'result.json',
              problem: `${wrong.length} numbers do not follow from the records: ${names}`,
            },
          ]),
      ...hidden.map(({ code }) => ({
        what: 'result.json',
        problem: `has no mark ${code}, which the records give`,
      })),
    ],
  };
}

/** Definitions may have changed between versions: then other numbers are no proof of a change. */
async function byVersion(result: CompletedResult, check: NumbersCheck): Promise<NumbersCheck> {
  const [then, now] = [result.provenance.sweepline, await coreVersion()];
  if (then === now || check.changes.length === 0) return check;
  const found = check.changes.map(({ problem }) => problem).join('; ');
  const skipped = `Sweepline ${now} may define them in another way than ${then}, which measured it: ${found}`;
  return { ...check, changes: [], skipped };
}

interface Compared {
  readonly agreeing: number;
  readonly wrong: readonly string[];
  readonly unknown: readonly string[];
}

/** Texts identify the point; numbers are compared. */
function compareValues(stored: object, again: object): Compared {
  const expected = new Map<string, unknown>(Object.entries(again));
  const numbers = Object.entries(stored).filter(([, value]) => typeof value === 'number') as [
    string,
    number,
  ][];
  const known = numbers.filter(([key]) => expected.has(key));
  const wrong = known.flatMap(([key, value]) => {
    const other = expected.get(key);
    return typeof other === 'number' && isSame(value, other)
      ? []
      : [`${key} is ${value}, not ${String(other)}`];
  });
  const given = new Set(numbers.map(([key]) => key));
  const removed = [...expected].flatMap(([key, value]) =>
    typeof value === 'number' && !given.has(key) ? [`${key} is missing`] : [],
  );
  return {
    agreeing: known.length - wrong.length,
    wrong: [...wrong, ...removed],
    unknown: numbers.flatMap(([key]) => (expected.has(key) ? [] : [key])),
  };
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}
