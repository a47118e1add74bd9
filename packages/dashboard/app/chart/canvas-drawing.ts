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

/**
 * Draws on a canvas. Marks are drawn once per kind and then copied, and those on the same pixel only once: paths of 50,000 marks take a machine
 * without a GPU most of a second.
 */
export class CanvasDrawing implements Drawing {
  readonly #context: CanvasRenderingContext2D;
  readonly #ratio: number;
  readonly #stamps = new Map<string, Stamp>();

  /** @param ratio device pixels per CSS pixel */
  constructor(context: CanvasRenderingContext2D, ratio: number) {
    this.#context = context;
    this.#ratio = ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  rect({ left, top, width, height }: Box, colour: string): void {
    this.#context.fillStyle = colour;
    this.#context.fillRect(left, top, width, height);
  }

  line(corners: readonly Corner[], { colour, width, isDashed = false }: Stroke): void {
    const context = this.#context;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.lineJoin = 'round';
    context.setLineDash(isDashed ? [...DASHES] : []);
    this.#path(corners);
    context.stroke();
  }

  area(corners: readonly Corner[], colour: string, opacity: number): void {
    const context = this.#context;
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    this.#path(corners);
    context.fill();
    context.globalAlpha = 1;
  }

  mark(x: number, y: number, style: MarkStyle): void {
    const stamp = this.#stampOf(style);
    const left = Math.round(x * this.#ratio) - stamp.half;
    const top = Math.round(y * this.#ratio) - stamp.half;
    const pixel = top * 65_536 + left;
    if (stamp.drawn.has(pixel)) return;
    stamp.drawn.add(pixel);
    this.#context.drawImage(
      stamp.image,
      left / this.#ratio,
      top / this.#ratio,
      stamp.image.width / this.#ratio,
      stamp.image.height / this.#ratio,
    );
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const context = this.#context;
    context.save();
    context.font = `${style.isBold === true ? '600 ' : ''}${style.size}px ${FONT}`;
    context.fillStyle = style.colour;
    context.textAlign = style.anchor === 'middle' ? 'center' : (style.anchor ?? 'start');
    context.textBaseline = 'middle';
    context.translate(x, y);
    if (style.isUpright === true) context.rotate(-Math.PI / 2);
    context.fillText(text, 0, 0);
    context.restore();
  }

  clipped({ left, top, width, height }: Box, draw: () => void): void {
    this.#context.save();
    this.#context.beginPath();
    this.#context.rect(left, top, width, height);
    this.#context.clip();
    draw();
    this.#context.restore();
  }

  #path(corners: readonly Corner[]): void {
    this.#context.beginPath();
    for (const [x, y] of corners) this.#context.lineTo(x, y);
  }

  #stampOf(style: MarkStyle): Stamp {
    const key = `${style.shape} ${style.colour} ${style.radius} ${style.hollow ?? ''}`;
    const known = this.#stamps.get(key);
    if (known !== undefined) return known;
    const stamp = makeStamp(style, this.#ratio);
    this.#stamps.set(key, stamp);
    return stamp;
  }
}

interface Stamp {
  readonly image: HTMLCanvasElement;
  /** Device pixels from its edge to its middle. */
  readonly half: number;
  readonly drawn: Set<number>;
}

function makeStamp({ shape, colour, radius, hollow }: MarkStyle, ratio: number): Stamp {
  const half = Math.ceil((radius * 1.35 + 2) * ratio);
  const image = document.createElement('canvas');
  image.width = image.height = 2 * half;
  const context = image.getContext('2d');
  if (context !== null) {
    context.setTransform(ratio, 0, 0, ratio, half, half);
    context.beginPath();
    if (shape === 'circle') context.arc(0, 0, radius, 0, 2 * Math.PI);
    for (const [x, y] of cornersOf(shape, radius)) context.lineTo(x, y);
    context.closePath();
    context.fillStyle = hollow ?? colour;
    context.fill();
    if (hollow !== undefined) {
      context.lineWidth = 1.5;
      context.strokeStyle = colour;
      context.stroke();
    }
  }
  return { image, half, drawn: new Set() };
}
