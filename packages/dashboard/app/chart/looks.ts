/**
 * Colours and shapes of series. The colours are apart for readers who don't see red, green or blue, none is a vendor's, and each has a contrast
 * of at least 3:1 with its background. As the number of colours and that of shapes have no common divisor, 77 series differ.
 */
export interface Theme {
  readonly back: string;
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  /** Of points that miss a condition. */
  readonly muted: string;
  readonly series: readonly string[];
}

export const LIGHT: Theme = {
  back: '#ffffff',
  ink: '#1b1f26',
  faint: '#5a6270',
  grid: '#e6e9ee',
  muted: '#9aa2ae',
  series: [
    ...['#0068d0', '#d36928', '#247452', '#b042a8', '#876502', '#5a35a3'],
    ...['#2f95c9', '#8a2b1b', '#68797d', '#0a4a52', '#de3675'],
  ],
};

export const DARK: Theme = {
  back: '#14171c',
  ink: '#e6e9ee',
  faint: '#a3acba',
  grid: '#2a303a',
  muted: '#5f6875',
  series: [
    ...['#70a9fa', '#fa9143', '#58d299', '#dc84d7', '#e6c249', '#977eed'],
    ...['#8edaff', '#cb735d', '#b0bacc', '#349fae', '#f6678b'],
  ],
};

export function colourOf(look: number, theme: Theme): string {
  return theme.series[look % theme.series.length] ?? theme.ink;
}

export const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'down', 'plus', 'hexagon'] as const;
export type Shape = (typeof SHAPES)[number] | 'cross';

export function shapeOf(look: number): Shape {
  return SHAPES[look % SHAPES.length] ?? 'circle';
}

/** Corners of a shape around 0, 0, of the area of a circle of this radius as nearly as the eye sees; a circle has none. */
export function cornersOf(shape: Shape, radius: number): readonly (readonly [number, number])[] {
  const at = (corners: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] =>
    corners.map(([x, y]) => [x * radius, y * radius]);
  switch (shape) {
    case 'circle':
      return [];
    case 'square':
      return at([
        [-0.88, -0.88],
        [0.88, -0.88],
        [0.88, 0.88],
        [-0.88, 0.88],
      ]);
    case 'triangle':
      return at([
        [0, -1.25],
        [1.15, 0.85],
        [-1.15, 0.85],
      ]);
    case 'down':
      return at([
        [0, 1.25],
        [1.15, -0.85],
        [-1.15, -0.85],
      ]);
    case 'diamond':
      return at([
        [0, -1.3],
        [1.15, 0],
        [0, 1.3],
        [-1.15, 0],
      ]);
    case 'hexagon':
      return at(polygon(6));
    case 'plus':
      return at(PLUS);
    case 'cross':
      return at(PLUS.map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]));
  }
}

const PLUS: readonly (readonly [number, number])[] = [
  ...([
    [-0.4, -1.2],
    [0.4, -1.2],
    [0.4, -0.4],
    [1.2, -0.4],
  ] as const),
  ...([
    [1.2, 0.4],
    [0.4, 0.4],
    [0.4, 1.2],
    [-0.4, 1.2],
  ] as const),
  ...([
    [-0.4, 0.4],
    [-1.2, 0.4],
    [-1.2, -0.4],
    [-0.4, -0.4],
  ] as const),
];

function polygon(corners: number): readonly (readonly [number, number])[] {
  return Array.from({ length: corners }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / corners;
    return [1.1 * Math.cos(angle), 1.1 * Math.sin(angle)];
  });
}
