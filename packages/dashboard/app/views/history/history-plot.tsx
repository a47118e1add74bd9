import './history.css';
import { scaleLinear } from 'd3-scale';
import type { Verdict } from '@sweepline/store/judge';
import { numberText } from '../../../src/model/number-text.js';
import { PictureButtons } from '../../parts/picture-buttons.js';

export interface PlottedEntry {
  readonly key: string;
  /** Days since 1970; or its place among the runs, where some have no date. */
  readonly x: number;
  /** On the axis: its day, or its run. */
  readonly label: string;
  readonly value: number;
  /** Between runs, where known. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Against the entry before. */
  readonly verdict: Verdict | undefined;
  readonly words: string;
}

export interface PlottedNote {
  /** Of the run that was started for it. */
  readonly run: string;
  /** Number of its line in the list. */
  readonly number: number;
}

const HEIGHT = 220;
const [TOP, BOTTOM] = [10, 30];
/** Shares of the width, %. */
const [LEFT, RIGHT] = [8, 96];
const MOST_LABELS = 3;

/** A dot per run, over time, with notes of the changelog on the axis. A table of the page has the same. */
export function HistoryPlot({ title, about, entries, notes }: HistoryPlotProps) {
  const places = entries.map((entry) => entry.x);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const x = scaleLinear()
    .domain(first === last ? [first - 1, first + 1] : [first, last])
    .range([LEFT, RIGHT]);
  const values = entries.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const y = scaleLinear()
    .domain(least === most ? [least * 0.95, most * 1.05] : [least, most])
    .nice(4)
    .range([HEIGHT - BOTTOM, TOP]);
  const at = (place: number): string => `${x(place).toFixed(2)}%`;
  const shownNotes = notes.flatMap(({ run, number }) => {
    const entry = entries.find(({ key }) => key === run);
    return entry === undefined ? [] : [{ number, place: entry.x }];
  });
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
        {labelled(entries).map((entry) => (
          <text key={entry.key} x={at(entry.x)} y={HEIGHT - 12} text-anchor={anchorOf(x(entry.x))}>
            {entry.label}
          </text>
        ))}
        {shownNotes.map(({ place, number }) => (
          <g key={number} class="note">
            <line x1={at(place)} x2={at(place)} y1={TOP} y2={HEIGHT - BOTTOM} />
            <text x={at(place)} y={TOP} dx="3">
              {number}
            </text>
          </g>
        ))}
        {entries.slice(1).map((entry, index) => {
          const before = entries[index];
          // A line goes where it is known which came first.
          return before === undefined || entry.verdict === undefined ? null : (
            <line
              key={entry.key}
              class="line"
              x1={at(before.x)}
              x2={at(entry.x)}
              y1={y(before.value)}
              y2={y(entry.value)}
            />
          );
        })}
        {entries.map(({ key, x: place, value, low, high, verdict, words }) => (
          <g key={key}>
            {low !== undefined && high !== undefined && (
              <line class="interval" x1={at(place)} x2={at(place)} y1={y(low)} y2={y(high)} />
            )}
            <circle class={`is-${verdict ?? 'first'}`} cx={at(place)} cy={y(value)} r="4">
              <title>{words}</title>
            </circle>
          </g>
        ))}
      </svg>
      <PictureButtons title={title} about={about} />
    </figure>
  );
}

interface HistoryPlotProps {
  readonly title: string;
  /** The job. */
  readonly about: string;
  /** The oldest first. */
  readonly entries: readonly PlottedEntry[];
  readonly notes: readonly PlottedNote[];
}

/** Labels stay within the picture. @param place share of the width, % */
function anchorOf(place: number): 'start' | 'middle' | 'end' {
  if (place < 20) return 'start';
  return place > 80 ? 'end' : 'middle';
}

/** Some entries that are far enough from each other for their labels to be read. */
function labelled(entries: readonly PlottedEntry[]): readonly PlottedEntry[] {
  const gap = ((entries.at(-1)?.x ?? 0) - (entries[0]?.x ?? 0)) / MOST_LABELS;
  const shown: PlottedEntry[] = [];
  for (const entry of entries) {
    const before = shown.at(-1);
    if (before === undefined || (entry.x > before.x && entry.x - before.x >= gap)) shown.push(entry);
  }
  return shown;
}
