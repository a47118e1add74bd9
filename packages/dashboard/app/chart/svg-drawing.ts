import {
  DASHES,
  FONT,
  type Box,
  type Corner,
  type Drawing,
  type MarkStyle,
  type Stroke,
  type TextStyle,
} from './drawing.js';
import { cornersOf } from './looks.js';

/** Draws as the text of an SVG file. */
export class SvgDrawing implements Drawing {
  readonly #parts: string[] = [];
  #clips = 0;

  rect({ left, top, width, height }: Box, colour: string): void {
    this.#add('rect', { x: left, y: top, width, height, fill: colour });
  }

  line(corners: readonly Corner[], { colour, width, isDashed = false }: Stroke): void {
    this.#add('path', {
      d: pathOf(corners),
      fill: 'none',
      stroke: colour,
      'stroke-width': width,
      'stroke-linejoin': 'round',
      ...(isDashed ? { 'stroke-dasharray': DASHES.join(' ') } : {}),
    });
  }

  area(corners: readonly Corner[], colour: string, opacity: number): void {
    this.#add('path', { d: `${pathOf(corners)}Z`, fill: colour, 'fill-opacity': opacity });
  }

  mark(x: number, y: number, { shape, colour, radius, hollow }: MarkStyle): void {
    const look = {
      fill: hollow ?? colour,
      ...(hollow === undefined ? {} : { stroke: colour, 'stroke-width': 1.5 }),
    };
    if (shape === 'circle') {
      this.#add('circle', { cx: x, cy: y, r: radius, ...look });
      return;
    }
    const corners = cornersOf(shape, radius).map(([dx, dy]): Corner => [x + dx, y + dy]);
    this.#add('path', { d: `${pathOf(corners)}Z`, ...look });
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const attributes = {
      x,
      y,
      fill: style.colour,
      'font-size': style.size,
      'font-family': FONT,
      'dominant-baseline': 'central',
      ...(style.anchor === undefined ? {} : { 'text-anchor': style.anchor }),
      ...(style.isBold === true ? { 'font-weight': 600 } : {}),
      ...(style.isUpright === true ? { transform: `rotate(-90 ${rounded(x)} ${rounded(y)})` } : {}),
    };
    this.#parts.push(`<text${attributesText(attributes)}>${escaped(text)}</text>`);
  }

  clipped({ left, top, width, height }: Box, draw: () => void): void {
    this.#clips += 1;
    const id = `clip${this.#clips}`;
    this.#parts.push(`<clipPath id="${id}">`);
    this.#add('rect', { x: left, y: top, width, height });
    this.#parts.push(`</clipPath><g clip-path="url(#${id})">`);
    draw();
    this.#parts.push('</g>');
  }

  /** The file. `title` is its accessible name. */
  toText(width: number, height: number, title: string): string {
    const size = attributesText({ width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' });
    return `<svg xmlns="http://www.w3.org/2000/svg"${size}><title>${escaped(title)}</title>${this.#parts.join('')}</svg>\n`;
  }

  #add(name: string, attributes: Readonly<Record<string, string | number>>): void {
    this.#parts.push(`<${name}${attributesText(attributes)}/>`);
  }
}

function attributesText(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`)
    .join('');
}

function pathOf(corners: readonly Corner[]): string {
  return corners.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`).join('');
}

function rounded(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return xmlText(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** XML has no place for most control characters, not even escaped. */
export function xmlText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
