import './compare.css';
import { scaleLinear } from 'd3-scale';
import type { Judgement } from '@sweepline/store/judge';
import { changeText, verdictText } from '../../../src/model/verdict-words.js';
import { PictureButtons } from '../../parts/picture-buttons.js';
import { PlotScale } from '../../parts/plot-scale.js';

export interface PlottedChange {
  readonly key: string;
  readonly name: string;
  readonly judgement: Judgement;
}

/** A line per difference: a dot, its interval, and the change that would be found. A table of the page has the same. */
export function ChangePlot({ title, about, changes }: ChangePlotProps) {
  const ends = changes.flatMap(({ judgement: { change, interval, detectable } }) => [
    ...[0, change, ...(interval ?? [])],
    ...(detectable === undefined ? [] : [detectable]),
  ]);
  const x = scaleLinear()
    .domain([Math.min(...ends), Math.max(...ends)])
    .nice(5)
    .range([3, 97]);
  const ticks = x.ticks(5);
  const at = (value: number): string => `${x(value).toFixed(2)}%`;
  return (
    <figure class="change-plot">
      <figcaption>{title}</figcaption>
      <ul>
        {changes.map(({ key, name, judgement }) => (
          <li key={key}>
            <span>{name}</span>
            <svg width="100%" height="22" role="img" aria-label={`${name}: ${wordsOf(judgement)}`}>
              {ticks.map((tick) => (
                <line
                  key={tick}
                  class={tick === 0 ? 'zero' : 'grid'}
                  x1={at(tick)}
                  x2={at(tick)}
                  y1="0"
                  y2="22"
                />
              ))}
              {judgement.detectable !== undefined && (
                <line
                  class="detectable"
                  x1={at(judgement.detectable)}
                  x2={at(judgement.detectable)}
                  y1="4"
                  y2="18"
                />
              )}
              {judgement.interval !== undefined && (
                <line
                  class="interval"
                  x1={at(judgement.interval[0])}
                  x2={at(judgement.interval[1])}
                  y1="11"
                  y2="11"
                />
              )}
              <circle class={`is-${judgement.verdict}`} cx={at(judgement.change)} cy="11" r="4" />
            </svg>
          </li>
        ))}
        <PlotScale ticks={ticks} at={at} textOf={changeText} />
      </ul>
      <p class="lead">
        Dot: median change of B against A, filled if it is better or worse. Line: 95 % of repeats differ by as
        much. Dashed mark: the least change for the worse that would be found in 80 of 100 cases.
      </p>
      <PictureButtons title={title} about={about} />
    </figure>
  );
}

interface ChangePlotProps {
  readonly title: string;
  /** What A and B are. */
  readonly about: string;
  readonly changes: readonly PlottedChange[];
}

function wordsOf(judgement: Judgement): string {
  return `${changeText(judgement.change)}, ${verdictText(judgement)}`;
}
