import { useRef, useState } from 'preact/hooks';
import { DISCLAIMER } from '../../src/site/disclaimer.js';
import { figurePicture, figurePng } from '../chart/figure-picture.js';
import { useSite } from '../data/site.js';
import { saveFile } from './save-file.js';

/** The last part of a figure: saves it as PNG and SVG. */
export function PictureButtons({ title, about }: PictureButtonsProps) {
  const { index } = useSite();
  const own = useRef<HTMLParagraphElement>(null);
  const [problem, setProblem] = useState<string>();
  const save = async (kind: 'PNG' | 'SVG'): Promise<void> => {
    const figure = own.current?.closest('figure');
    if (!figure) return;
    try {
      const source = `Unofficial · ${index.title}, built ${index.builtAt.slice(0, 10)} · ${addressText()}`;
      const picture = figurePicture(figure, [...(about === undefined ? [] : [about]), source, DISCLAIMER]);
      const content =
        kind === 'PNG' ? await figurePng(picture) : new Blob([picture.text], { type: 'image/svg+xml' });
      saveFile(`${nameOf(title)}.${kind.toLowerCase()}`, content);
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'unknown');
    }
  };
  return (
    <p class="exports" ref={own}>
      Save{' '}
      {(['PNG', 'SVG'] as const).map((kind) => (
        <button key={kind} type="button" aria-label={`${title} as ${kind}`} onClick={() => void save(kind)}>
          {kind}
        </button>
      ))}
      {problem !== undefined && <span role="alert">The picture can't be made: {problem}.</span>}
    </p>
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
