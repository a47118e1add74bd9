import { FONT } from './drawing.js';
import { drawnPng, PNG_RATIO, wrapped } from './picture.js';
import { xmlText } from './svg-drawing.js';

/** A figure of the page as an SVG file. */
export interface FigurePicture {
  readonly text: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 16;
const NOTE_SIZE = 11;
const NOTE_LINE = 16;
/** Pixels of a character of a note, about. */
const CHARACTER = 6.4;
/** What style sheets say of the parts of a picture, as attributes. */
const LOOKS = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray'],
  ...['stroke-linecap', 'stroke-linejoin', 'opacity', 'font-size', 'text-anchor'],
] as const;

/**
 * What a figure shows, as it is laid out now: its texts, its coloured boxes and its SVG pictures, in the colours of the page.
 * @param notes lines below it: where it is from, the disclaimer
 */
export function figurePicture(figure: HTMLElement, notes: readonly string[]): FigurePicture {
  const place = figure.getBoundingClientRect();
  const parts = new Parts(place.left - MARGIN, place.top - MARGIN);
  parts.addInside(figure);
  const width = Math.ceil(place.width) + 2 * MARGIN;
  const lines = notes.flatMap((note) => wrapped(note, Math.floor(place.width / CHARACTER)));
  const notesTop = parts.bottom + MARGIN;
  const height = Math.ceil(notesTop + lines.length * NOTE_LINE + MARGIN);
  const page = getComputedStyle(document.documentElement);
  const root = made('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' });
  const title = made('title', {});
  title.textContent = figure.querySelector('figcaption')?.textContent ?? '';
  root.append(title, made('rect', { width, height, fill: page.backgroundColor }), ...parts.all);
  for (const [index, line] of lines.entries()) {
    const y = notesTop + (index + 1) * NOTE_LINE;
    root.append(textAt(line, { x: MARGIN, y, fill: page.color, 'font-size': NOTE_SIZE }));
  }
  return { text: `${xmlText(new XMLSerializer().serializeToString(root))}\n`, width, height };
}

/** @throws {Error} if the browser has no room for it */
export async function figurePng({ text, width, height }: FigurePicture): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = address;
    await image.decode();
    return await drawnPng(width, height, (context) =>
      context.drawImage(image, 0, 0, width * PNG_RATIO, height * PNG_RATIO),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The parts of a picture, with their places from its upper left corner. */
class Parts {
  readonly all: Element[] = [];
  bottom = 0;
  readonly #left: number;
  readonly #top: number;

  constructor(left: number, top: number) {
    this.#left = left;
    this.#top = top;
  }

  addInside(element: Element): void {
    for (const child of element.childNodes) {
      if (child instanceof Text) this.#addText(child, element);
      else if (child instanceof SVGSVGElement) this.#addSvg(child);
      else if (child instanceof HTMLElement && !child.matches('.exports, [hidden]')) {
        this.#addBox(child);
        this.addInside(child);
      }
    }
  }

  #addBox(element: HTMLElement): void {
    const { backgroundColor: fill, opacity, borderTopLeftRadius: radius } = getComputedStyle(element);
    if (/^(?:transparent|rgba\(.*, 0\))$/.test(fill)) return;
    const { left, top, width, height } = element.getBoundingClientRect();
    const box = { x: left - this.#left, y: top - this.#top, width, height };
    this.#add(made('rect', { ...box, fill, opacity, rx: parseFloat(radius) || 0 }), box.y + height);
  }

  #addSvg(svg: SVGSVGElement): void {
    const { left, top, width, height } = svg.getBoundingClientRect();
    const copy = svg.cloneNode(true) as SVGSVGElement;
    const own = svg.querySelectorAll('*');
    for (const [index, part] of copy.querySelectorAll('*').entries()) {
      const shown = own[index];
      if (shown !== undefined) look(part, getComputedStyle(shown));
    }
    const place = { x: left - this.#left, y: top - this.#top, width, height, overflow: 'visible' };
    for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
    this.#add(copy, place.y + height);
  }

  /** Words by line, as they are broken on the page. */
  #addText(text: Text, parent: Element): void {
    const lines: { words: string; readonly x: number; readonly y: number }[] = [];
    for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const { left, top, height } = range.getBoundingClientRect();
      if (height === 0) continue;
      const [x, y] = [left - this.#left, top - this.#top + height / 2];
      const last = lines.at(-1);
      if (last !== undefined && Math.abs(last.y - y) < 1) last.words += ` ${word}`;
      else lines.push({ words: word, x, y });
    }
    const { color: fill, fontSize, fontWeight } = getComputedStyle(parent);
    for (const { words, x, y } of lines) {
      const size = parseFloat(fontSize);
      const looks = { fill, 'font-size': size, 'font-weight': fontWeight, 'dominant-baseline': 'central' };
      this.#add(textAt(words, { x, y, ...looks }), y + size);
    }
  }

  #add(part: Element, bottom: number): void {
    this.all.push(part);
    this.bottom = Math.max(this.bottom, bottom);
  }
}

function look(part: Element, style: CSSStyleDeclaration): void {
  for (const name of LOOKS) part.setAttribute(name, style.getPropertyValue(name));
  if (part.tagName === 'text') part.setAttribute('font-family', FONT);
  part.removeAttribute('class');
}

type Attributes = Readonly<Record<string, string | number>>;

function textAt(text: string, attributes: Attributes): Element {
  const element = made('text', { 'font-family': FONT, ...attributes });
  element.textContent = text;
  return element;
}

function made(name: string, attributes: Attributes): Element {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
  return element;
}
