import { judgePoint, matchSides, type Measurement, type PointJudgement } from '@sweepline/store/judge';
import type { TableData } from '../site/table.js';
import { textAt } from './cells.js';
import { changedSettings, jobKey, jobWords, measurementAt, type ChangedSetting } from './measurements.js';
import type { JudgedMetric } from './noises.js';
import { outcomeOf } from './outcomes.js';

/** What one run has of a job. */
export interface HistoryEntry {
  readonly run: string;
  /** Day of the run; undefined where it isn't known. */
  readonly date: string | undefined;
  /** Valid rows, at least one. */
  readonly rows: readonly number[];
  /**
   * Against the entry before it. Undefined for the first one, where a side lacks the metric, and where one of both has a date and the other has
   * none: nobody knows which came first.
   */
  readonly step: HistoryStep | undefined;
}

export interface HistoryStep {
  readonly judgement: PointJudgement;
  readonly changed: readonly ChangedSetting[];
}

/** A job's measurements over its runs, the oldest first; those without a date come last, in the order of their names. */
export interface History {
  /** In the address. */
  readonly key: string;
  readonly name: string;
  readonly entries: readonly HistoryEntry[];
}

export interface HistoryInput {
  readonly points: TableData;
  /** The oldest first. */
  readonly rows: readonly number[];
  readonly judged: JudgedMetric;
  /** Of the metric: by row. */
  readonly valueOf: (row: number) => number | undefined;
}

/** Jobs that two runs or more have measured validly, those with most runs first. */
export function historiesOf(input: HistoryInput): readonly History[] {
  const { points, rows, valueOf } = input;
  const jobs = new Map<string, number[]>();
  for (const row of rows) {
    if (outcomeOf(points, row) !== 'valid' || !((valueOf(row) ?? 0) > 0)) continue;
    const key = jobKey(points, row);
    const job = jobs.get(key);
    if (job === undefined) jobs.set(key, [row]);
    else job.push(row);
  }
  return [...jobs]
    .map(([key, of]) => ({ key, name: jobWords(points, of[0] ?? 0), entries: entriesOf(of, input) }))
    .filter(({ entries }) => entries.length > 1)
    .sort((a, b) => b.entries.length - a.entries.length);
}

function entriesOf(rows: readonly number[], input: HistoryInput): readonly HistoryEntry[] {
  const { points } = input;
  const runs = new Map<string, number[]>();
  for (const row of rows) {
    const run = textAt(points, 'run', row) ?? '';
    const known = runs.get(run);
    if (known === undefined) runs.set(run, [row]);
    else known.push(row);
  }
  const { judged, valueOf } = input;
  const known = new Map(
    rows.map((row) => [
      row,
      measurementAt(points, row, { but: [], metrics: [judged.metric.key], metricOf: valueOf }),
    ]),
  );
  const measured = (row: number): readonly Measurement[] => {
    const one = known.get(row);
    return one === undefined ? [] : [one];
  };
  const all = [...runs]
    .map(([run, of]) => ({ run, date: textAt(points, 'date', of[0] ?? 0), rows: of }))
    .sort(byTime);
  return all.map((entry, index) => {
    const before = all[index - 1];
    const isAfter = before !== undefined && (before.date === undefined) === (entry.date === undefined);
    return { ...entry, step: isAfter ? stepBetween(before.rows, entry.rows, measured, input) : undefined };
  });
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

/** Rows of a day are in the order of their time already. */
function byTime(a: Pick<HistoryEntry, 'run' | 'date'>, b: Pick<HistoryEntry, 'run' | 'date'>): number {
  if (a.date === undefined || b.date === undefined)
    return Number(a.date === undefined) - Number(b.date === undefined) || COLLATOR.compare(a.run, b.run);
  return a.date < b.date ? -1 : a.date > b.date ? 1 : 0;
}

function stepBetween(
  a: readonly number[],
  b: readonly number[],
  measured: (row: number) => readonly Measurement[],
  { points, judged: { metric, noise } }: HistoryInput,
): HistoryStep | undefined {
  const [match] = matchSides(a.flatMap(measured), b.flatMap(measured)).matches;
  const judgement = match && judgePoint(match, metric, noise);
  const [before, after] = [a.at(-1), b.at(-1)];
  if (judgement === undefined || before === undefined || after === undefined) return undefined;
  return { judgement, changed: changedSettings(points, before, after) };
}

/** A step that was judged worse. */
export interface Regression {
  readonly history: History;
  readonly before: HistoryEntry;
  readonly after: HistoryEntry;
  readonly step: HistoryStep;
}

export interface Regressions {
  /** The newest first. */
  readonly found: readonly Regression[];
  /** Steps of which something could be said, and of which nothing could. */
  readonly judged: number;
  readonly unsure: number;
  /** How many of these steps would be called worse, on average, if nothing had changed. */
  readonly falseAlarms: number;
}

export function regressionsOf(histories: readonly History[]): Regressions {
  const steps = histories.flatMap((history) =>
    history.entries.flatMap((after, index) => {
      const before = history.entries[index - 1];
      return after.step === undefined || before === undefined
        ? []
        : [{ history, before, after, step: after.step }];
    }),
  );
  const verdicts = steps.map(({ step }) => step.judgement);
  const said = verdicts.filter(({ verdict }) => verdict !== 'unsure');
  return {
    found: steps
      .filter(({ step }) => step.judgement.verdict === 'worse')
      .sort((a, b) => ((a.after.date ?? '') < (b.after.date ?? '') ? 1 : -1)),
    judged: said.length,
    unsure: verdicts.length - said.length,
    // Either side is as probable.
    falseAlarms: said.reduce((sum, { falseAlarms = 0 }) => sum + falseAlarms / 2, 0),
  };
}
