import { useRef } from 'preact/hooks';
import { DISCLAIMER } from '../../src/site/disclaimer.js';
import { figurePicture, figurePng, type FigurePicture } from '../chart/figure-picture.js';
import { useSite } from '../data/site.js';
import { SaveButtons } from './save-buttons.js';

/** The last part of a figure: saves it as PNG and SVG. */
export function PictureButtons({ title, about }: PictureButtonsProps) {
  const { index } = useSite();
  const row = useRef<HTMLParagraphElement>(null);
  const picture = (): FigurePicture => {
    const figure = row.current?.closest('figure');
    if (!figure) throw new Error('there is no figure');
    const source = `Unofficial · ${index.title}, built ${index.builtAt.slice(0, 10)} · ${addressText()}`;
    return figurePicture(figure, [...(about === undefined ? [] : [about]), source, DISCLAIMER]);
  };
  return (
    <SaveButtons
      name={nameOf(title)}
      row={row}
      files={[
        { kind: 'PNG', label: `${title} as PNG`, content: () => figurePng(picture()) },
        {
          kind: 'SVG',
          label: `${title} as SVG`,
          content: () => new Blob([picture().text], { type: 'image/svg+xml' }),
        },
      ]}
    />
  );
}

interface PictureButtonsProps {
  readonly title: string;
  /** Its subject, where the figure itself does not name it. */
  readonly about?: string;
}

/** The page within its site: which points, which sides. With spaces, so that it is broken into lines. */
function addressText(): string {
  const { hash } = location;
  let text = hash;
  try {
    text = decodeURIComponent(hash);
  } catch {
    // as it is
  }
  return text.replaceAll(/[?&]/g, ' $&');
}

const LONGEST_NAME = 60;

/** A title as the name of a file. */
function nameOf(title: string): string {
  const words = title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');
  return words.slice(0, LONGEST_NAME).toLowerCase() || 'figure';
}
