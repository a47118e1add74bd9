import './bars.css';
import type { ComponentChildren } from 'preact';
import { PictureButtons } from './picture-buttons.js';

export interface Bar {
  readonly key: string;
  readonly name: ComponentChildren;
  /** From 0 on. */
  readonly value: number;
  /** Where a paler part of it ends, at the right of its value. */
  readonly upTo?: number | undefined;
  readonly text: string;
}

/** Lengths from 0, each with its name and its number as text. A table of the page has the same. */
export function Bars({ title, bars }: { readonly title: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(...bars.flatMap(({ value, upTo = value }) => [value, upTo]), 0);
  const percent = (value: number): string => `${most === 0 ? 0 : (100 * value) / most}%`;
  return (
    <figure class="bars">
      <figcaption>{title}</figcaption>
      <ul>
        {bars.map(({ key, name, value, upTo = value, text }) => (
          <li key={key}>
            <span class="bar-name">{name}</span>
            <span class="bar-track" aria-hidden="true">
              <span class="bar pale" style={{ width: percent(upTo) }} />
              <span class="bar" style={{ width: percent(value) }} />
            </span>
            <span class="bar-text">{text}</span>
          </li>
        ))}
      </ul>
      <PictureButtons title={title} />
    </figure>
  );
}
