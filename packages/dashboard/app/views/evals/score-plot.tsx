import type { EvalLine, EvalScore } from '../../../src/model/eval-scores.js';
import { numberText } from '../../../src/model/number-text.js';
import { rangeOf } from '../../../src/model/requests-over-time.js';
import { scaleLinear } from 'd3-scale';
import { PictureButtons } from '../../parts/picture-buttons.js';
import { PlotScale } from '../../parts/plot-scale.js';

const STEP = 9;

/** A line per series: a dot per score, with its interval. The table of scores has the same. */
export function ScorePlot({ title, lines }: ScorePlotProps) {
  const all = lines.flatMap(({ scores }) => scores);
  const [low] = rangeOf(all.map((score) => score.low ?? score.score));
  const [, high] = rangeOf(all.map((score) => score.high ?? score.score));
  const x = scaleLinear()
    .domain(low === high ? [low - 0.01, high + 0.01] : [low, high])
    .nice(5)
    .range([2, 98]);
  const ticks = x.ticks(5);
  const at = (value: number): string => `${x(value).toFixed(2)}%`;
  return (
    <figure class="score-plot">
      <figcaption>{title}</figcaption>
      <ul>
        {lines.map(({ name, scores }) => (
          <li key={name}>
            <span>{name}</span>
            <svg
              width="100%"
              height={STEP * (scores.length + 1)}
              role="img"
              aria-label={`${name}: ${wordsOf(scores)}`}
            >
              {ticks.map((tick) => (
                <line key={tick} class="grid" x1={at(tick)} x2={at(tick)} y1="0" y2="100%" />
              ))}
              {scores.map((score, index) => {
                const y = STEP * (index + 1);
                return (
                  <g key={index}>
                    {score.low !== undefined && score.high !== undefined && (
                      <line class="interval" x1={at(score.low)} x2={at(score.high)} y1={y} y2={y} />
                    )}
                    <circle class={index === 0 ? 'newest' : 'older'} cx={at(score.score)} cy={y} r={3.2} />
                  </g>
                );
              })}
            </svg>
          </li>
        ))}
        <PlotScale ticks={ticks} at={at} textOf={numberText} />
      </ul>
      <PictureButtons title={title} />
    </figure>
  );
}

interface ScorePlotProps {
  readonly title: string;
  readonly lines: readonly EvalLine[];
}

function wordsOf(scores: readonly EvalScore[]): string {
  const [newest] = scores;
  const last = newest === undefined ? '' : `the newest is ${numberText(newest.score)}`;
  return scores.length === 1 ? last : `${scores.length} scores, ${last}`;
}
