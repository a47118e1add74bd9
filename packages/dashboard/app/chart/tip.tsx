import type { ComponentChildren } from 'preact';
import { withUnit } from '../../src/model/number-text.js';
import type { ChartAxis, ChartData } from './chart-data.js';
import type { PlacedPoint } from './hover.js';

/** The ring around a point, and its numbers next to it. */
export function Tip({ at: { x, y, point, series }, data, width, link, children }: TipProps) {
  const isRight = x > width / 2;
  return (
    <>
      <div class="chart-ring" style={{ left: `${x}px`, top: `${y}px` }} />
      <div
        class={link === undefined ? 'chart-tip' : 'chart-tip pinned'}
        style={{
          ...(isRight ? { right: `${width - x + 14}px` } : { left: `${x + 14}px` }),
          top: `${Math.max(0, y - 30)}px`,
        }}
      >
        <strong>{series.name}</strong>
        <dl>
          <dt>{data.x.label}</dt>
          <dd>{valueText(data.x, point.x)}</dd>
          <dt>{data.y.label}</dt>
          <dd>{valueText(data.y, point.y)}</dd>
          {point.low !== undefined && point.high !== undefined && (
            <>
              <dt>Interval</dt>
              <dd>
                {valueText(data.y, point.low)} – {valueText(data.y, point.high)}
              </dd>
            </>
          )}
        </dl>
        {children}
        {link !== undefined && (
          <a class="chart-open" href={link}>
            Open the point
          </a>
        )}
      </div>
    </>
  );
}

interface TipProps {
  readonly at: PlacedPoint;
  readonly data: ChartData;
  readonly width: number;
  /** Where it leads. */
  readonly link: string | undefined;
  readonly children: ComponentChildren;
}

export function valueText({ scale, unit }: ChartAxis, value: number): string {
  if (scale === 'time') return `${new Date(value).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return withUnit(value, unit);
}

/** A point as one sentence, for those who hear it. */
export function pointWordsOf({ series, point }: PlacedPoint, { x, y }: ChartData): string {
  return `${series.name}: ${x.label} ${valueText(x, point.x)}, ${y.label} ${valueText(y, point.y)}`;
}
