import { CanvasDrawing } from './canvas-drawing.js';
import type { ChartData, ChartSeries } from './chart-data.js';
import type { Drawing } from './drawing.js';
import { colourOf, shapeOf, type Theme } from './looks.js';
import { drawPlot, plotOf } from './plot.js';
import { SvgDrawing } from './svg-drawing.js';

export interface PictureOptions {
  readonly theme: Theme;
  /** CSS pixels. */
  readonly width: number;
  /** Of the plot: title, legend and source come on top. */
  readonly plotHeight: number;
  /** Lines below it: where it is from, the disclaimer. */
  readonly notes: readonly string[];
}

const MARGIN = 16;
const LINE = 16;
const LEGEND_LINE = 18;
const LEGEND_WIDTH = 340;
/** Pixels of a character of 11 or 12 pixels, about. */
const CHARACTER = 6.4;

interface Picture {
  readonly height: number;
  readonly draw: (drawing: Drawing) => void;
}

/** A chart with its title, its legend and its source. */
function pictureOf(data: ChartData, { theme, width, plotHeight, notes }: PictureOptions): Picture {
  const columns = Math.max(1, Math.floor((width - 2 * MARGIN) / LEGEND_WIDTH));
  const room = Math.floor((width - 2 * MARGIN) / CHARACTER);
  const subtitle = wrapped(data.subtitle ?? '', room);
  const top = MARGIN + 26 + subtitle.length * LINE;
  const legendRows = Math.ceil(data.series.length / columns);
  const legendTop = top + plotHeight + 10;
  const lines = notes.flatMap((note) => wrapped(note, room));
  const notesTop = legendTop + legendRows * LEGEND_LINE + 10;
  return {
    height: notesTop + lines.length * LINE + MARGIN,
    draw: (drawing) => {
      const height = notesTop + lines.length * LINE + MARGIN;
      drawing.rect({ left: 0, top: 0, width, height }, theme.back);
      drawing.text(MARGIN, MARGIN + 8, `${data.title} · Unofficial`, {
        colour: theme.ink,
        size: 16,
        isBold: true,
      });
      for (const [index, line] of subtitle.entries())
        drawing.text(MARGIN, MARGIN + 28 + index * LINE, line, { colour: theme.faint, size: 12 });
      drawPlot(drawing, plotOf(data, { left: 0, top, width, height: plotHeight }), theme);
      const columnWidth = (width - 2 * MARGIN) / columns;
      for (const [index, series] of data.series.entries()) {
        const x = MARGIN + (index % columns) * columnWidth;
        drawEntry(drawing, series, { theme, x, y: legendTop + Math.floor(index / columns) * LEGEND_LINE });
      }
      for (const [index, line] of lines.entries())
        drawing.text(MARGIN, notesTop + 8 + index * LINE, line, { colour: theme.faint, size: 11 });
    },
  };
}

function drawEntry(
  drawing: Drawing,
  { name, look }: ChartSeries,
  { theme, x, y }: { readonly theme: Theme; readonly x: number; readonly y: number },
): void {
  drawing.mark(x + 6, y + 8, { shape: shapeOf(look), colour: colourOf(look, theme), radius: 4.5 });
  drawing.text(x + 17, y + 8, name, { colour: theme.ink, size: 12 });
}

/** Lines of at most so many characters, broken between words. */
export function wrapped(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

export function svgOf(data: ChartData, options: PictureOptions): string {
  const drawing = new SvgDrawing();
  const { height, draw } = pictureOf(data, options);
  draw(drawing);
  return drawing.toText(options.width, height, `${data.title} (unofficial)`);
}

/** @throws {Error} if the browser has no room for it */
export async function pngOf(data: ChartData, options: PictureOptions): Promise<Blob> {
  const { height, draw } = pictureOf(data, options);
  return drawnPng(options.width, height, (context) => draw(new CanvasDrawing(context, PNG_RATIO)));
}

/** Pixels of a PNG per CSS pixel, for print. */
export const PNG_RATIO = 2;

/** A PNG of so many CSS pixels. @throws {Error} if the browser has no room for it */
export function drawnPng(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void,
): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * PNG_RATIO);
  canvas.height = Math.round(height * PNG_RATIO);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no pictures');
  draw(context);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('this browser has no room for the picture'));
      else resolve(blob);
    }, 'image/png');
  });
}
