import './history.css';
import { scaleLinear } from 'd3-scale';
import type { Verdict } from '@sweepline/store/judge';
import { numberText } from '../../../src/model/number-text.js';

export interface PlottedEntry {
  readonly key: string;
  /** ISO 8601 day. */
  readonly date: string;
  readonly value: number;
  /** Between runs, where known. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Against the entry before. */
  readonly verdict: Verdict | undefined;
  readonly words: string;
}

export interface PlottedNote {
  readonly date: string;
  /** Number of its line in the list. */
  readonly number: number;
}

const HEIGHT = 220;
const [TOP, BOTTOM] = [10, 30];
/** Shares of the width, %. */
const [LEFT, RIGHT] = [8, 96];
const MOST_DAYS = 6;

/** A dot per run, over days, with notes of the changelog on the axis. A table of the page has the same. */
export function HistoryPlot({ title, entries, notes }: HistoryPlotProps) {
  const days = entries.map(({ date }) => dayOf(date));
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const x = scaleLinear()
    .domain(first === last ? [first - 1, first + 1] : [first, last])
    .range([LEFT, RIGHT]);
  const values = entries.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const y = scaleLinear()
    .domain(least === most ? [least * 0.95, most * 1.05] : [least, most])
    .nice(4)
    .range([HEIGHT - BOTTOM, TOP]);
  const at = (date: string): string => `${x(dayOf(date)).toFixed(2)}%`;
  const shownNotes = notes.filter(({ date }) => dayOf(date) >= first && dayOf(date) <= last);
  return (
    <figure class="history-plot">
      <figcaption>{title}</figcaption>
      <svg
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={`${title}: ${entries.map(({ words }) => words).join('; ')}`}
      >
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line class="grid" x1={`${LEFT}%`} x2={`${RIGHT + 2}%`} y1={y(tick)} y2={y(tick)} />
            <text x={`${LEFT - 1}%`} y={y(tick) + 4} text-anchor="end">
              {numberText(tick)}
            </text>
          </g>
        ))}
        {daysShown(entries.map(({ date }) => date)).map((date) => (
          <text key={date} x={at(date)} y={HEIGHT - 12} text-anchor="middle">
            {date}
          </text>
        ))}
        {shownNotes.map(({ date, number }) => (
          <g key={number} class="note">
            <line x1={at(date)} x2={at(date)} y1={TOP} y2={HEIGHT - BOTTOM} />
            <text x={at(date)} y={TOP} dx="3">
              {number}
            </text>
          </g>
        ))}
        {entries.slice(1).map((entry, index) => {
          const before = entries[index];
          return before === undefined ? null : (
            <line
              key={entry.key}
              class="line"
              x1={at(before.date)}
              x2={at(entry.date)}
              y1={y(before.value)}
              y2={y(entry.value)}
            />
          );
        })}
        {entries.map(({ key, date, value, low, high, verdict, words }) => (
          <g key={key}>
            {low !== undefined && high !== undefined && (
              <line class="interval" x1={at(date)} x2={at(date)} y1={y(low)} y2={y(high)} />
            )}
            <circle class={`is-${verdict ?? 'first'}`} cx={at(date)} cy={y(value)} r="4">
              <title>{words}</title>
            </circle>
          </g>
        ))}
      </svg>
    </figure>
  );
}

interface HistoryPlotProps {
  readonly title: string;
  /** The oldest first. */
  readonly entries: readonly PlottedEntry[];
  readonly notes: readonly PlottedNote[];
}

/** Days since 1970; NaN for what is no day. */
export function dayOf(date: string): number {
  return Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000;
}

/** Of the days of points some that are far enough from each other to be read. */
function daysShown(dates: readonly string[]): readonly string[] {
  const days = [...new Set(dates)];
  const [first, last] = [dayOf(days[0] ?? ''), dayOf(days.at(-1) ?? '')];
  const gap = (last - first) / MOST_DAYS;
  const shown: string[] = [];
  for (const day of days) {
    const before = shown.at(-1);
    if (before === undefined || dayOf(day) - dayOf(before) >= gap) shown.push(day);
  }
  return shown;
}
