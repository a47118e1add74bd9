/** The last item of a plot that is a list: what its ticks stand for. A table of the page has the numbers. */
export function PlotScale({ ticks, at, textOf }: PlotScaleProps) {
  return (
    <li class="scale" aria-hidden="true">
      <span />
      <svg width="100%" height="16">
        {ticks.map((tick) => (
          <text key={tick} x={at(tick)} y="12" text-anchor="middle">
            {textOf(tick)}
          </text>
        ))}
      </svg>
    </li>
  );
}

interface PlotScaleProps {
  readonly ticks: readonly number[];
  /** Place of a tick, in percent of the width. */
  readonly at: (tick: number) => string;
  readonly textOf: (tick: number) => string;
}
