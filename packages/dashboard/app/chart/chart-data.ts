/** What a chart shows, as plain data. Numbers that aren't finite are left out, and so are those that a logarithmic axis has no place for. */
export interface ChartData {
  /** Its accessible name, and the title of exported pictures. */
  readonly title: string;
  /** What was chosen, in words, in exported pictures. */
  readonly subtitle?: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  /** The last is drawn above the others. */
  readonly series: readonly ChartSeries[];
  /** Such as the limit of an SLO. */
  readonly rules?: readonly ChartRule[];
}

export interface ChartAxis {
  readonly label: string;
  readonly unit?: string;
  /** `time`: milliseconds since 1970, UTC. */
  readonly scale: 'linear' | 'log' | 'time';
  /** A linear axis begins at 0 where this is set. */
  readonly hasZero?: boolean;
  /** Names instead of numbers at these values, such as the entries of a changelog. */
  readonly ticks?: readonly { readonly value: number; readonly label: string }[];
  /** Fixed ends, instead of those of the data. */
  readonly domain?: readonly [number, number];
}

export interface ChartSeries {
  readonly key: string;
  readonly name: string;
  /** Which colour and shape it has: a whole number, the same in every chart of a page. */
  readonly look: number;
  readonly points: readonly ChartPoint[];
  readonly lines?: readonly ChartLine[];
  readonly bands?: readonly ChartBand[];
}

export interface ChartPoint {
  /** Row of the site's points, or of another table. */
  readonly row: number;
  readonly x: number;
  readonly y: number;
  /** Interval of y. */
  readonly low?: number;
  readonly high?: number;
  /** `muted`: it misses a condition; `hollow`: its numbers may not be compared; `failed`: a cross. */
  readonly state?: 'muted' | 'hollow' | 'failed';
  /** Drawn next to it. */
  readonly label?: string;
}

export interface Xy {
  readonly x: number;
  readonly y: number;
}

/** How a line goes from one vertex to the next: straight in the units of the data, or level and then upright (`after`), or upright first. */
export type LineShape = 'straight' | 'step-after' | 'step-before';

export interface ChartLine {
  readonly points: readonly Xy[];
  readonly shape?: LineShape;
  readonly isDashed?: boolean;
}

export interface ChartBand {
  readonly points: readonly { readonly x: number; readonly low: number; readonly high: number }[];
  readonly shape?: LineShape;
}

export interface ChartRule {
  readonly axis: 'x' | 'y';
  readonly value: number;
  readonly label: string;
}
