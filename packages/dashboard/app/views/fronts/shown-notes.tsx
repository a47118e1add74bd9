import { numberText } from '../../../src/model/number-text.js';
import type { Found } from '../../../src/model/filters.js';
import type { Settings } from './settings.js';
import type { ShownFronts } from './use-fronts.js';

/** What is drawn, and what isn't and why. Nothing is cut off silently. */
export function ShownNotes({ settings, shown, found }: ShownNotesProps) {
  const { fronts, older } = shown;
  const points = fronts.series.flatMap((part) => part.points);
  const onFronts = fronts.series.flatMap((part) => part.points.filter(({ row }) => part.best.has(row)));
  const candidates = settings.hidesDominated ? onFronts : points;
  const drawn = candidates.filter(({ x, y }) => (!settings.isLogX || x > 0) && (!settings.isLogY || y > 0));
  const missed = drawn.filter(({ isKept }) => !isKept).length;
  const hiddenSeries = shown.series.length - fronts.series.length;
  const withIntervals = drawn.filter(({ interval }) => interval !== undefined).length;
  const notes = [
    `${numberText(drawn.length)} of ${numberText(found.rows.length)} points that pass the filters are drawn`,
    ...(older > 0 ? [`${numberText(older)} of older runs are hidden`] : []),
    ...(hiddenSeries > 0 ? [`${numberText(hiddenSeries)} series are hidden or lack numbers`] : []),
    ...(fronts.lacking.length > 0 ? [`${numberText(fronts.lacking.length)} lack a number`] : []),
    ...(settings.hidesDominated
      ? [`${numberText(points.length - onFronts.length)} that are on no front are hidden`]
      : []),
    ...(missed > 0 ? [`${numberText(missed)} miss a limit or lack its number: grey, on no front`] : []),
    ...(drawn.length < candidates.length
      ? [`${numberText(candidates.length - drawn.length)} have no place on a logarithmic axis`]
      : []),
    shown.intervals.problem ?? intervalNote(withIntervals, drawn.length),
  ];
  return (
    <p class="lead" role="status">
      {notes.join(' · ')}.
    </p>
  );
}

function intervalNote(known: number, drawn: number): string {
  if (known === 0) return 'no interval between runs is known: each is one run';
  if (known === drawn) return 'each has an interval between runs';
  return `${numberText(known)} have an interval between runs, the others are one run`;
}

interface ShownNotesProps {
  readonly settings: Settings;
  readonly shown: ShownFronts;
  readonly found: Found;
}
