import type { Shape } from './looks.js';

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly isDashed?: boolean;
}

export interface MarkStyle {
  readonly shape: Shape;
  readonly colour: string;
  readonly radius: number;
  /** Only its outline, filled with this colour. */
  readonly hollow?: string;
}

export interface TextStyle {
  readonly colour: string;
  /** Pixels. */
  readonly size: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly isBold?: boolean;
  /** From bottom to top. */
  readonly isUpright?: boolean;
}

export type Corner = readonly [x: number, y: number];

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What pictures are drawn with: on a canvas, or as SVG. Places are in CSS pixels from the upper left corner. */
export interface Drawing {
  rect(box: Box, colour: string): void;
  line(corners: readonly Corner[], stroke: Stroke): void;
  /** A filled polygon. */
  area(corners: readonly Corner[], colour: string, opacity: number): void;
  mark(x: number, y: number, style: MarkStyle): void;
  /** `y` is the middle of its height. */
  text(x: number, y: number, text: string, style: TextStyle): void;
  /** What `draw` draws is cut off at the box. */
  clipped(box: Box, draw: () => void): void;
}

export const DASHES = [5, 4] as const;
export const FONT = 'system-ui, sans-serif';
