import { Fragment, type Ref } from 'preact';
import { useState } from 'preact/hooks';
import { saveFile } from './save-file.js';

/** What a button saves, and as what. */
export interface Saved {
  readonly kind: 'PNG' | 'SVG' | 'CSV';
  /** Accessible name of its button, where several parts of a page save the same kind. */
  readonly label?: string;
  readonly content: () => Blob | Promise<Blob>;
}

/** Buttons that save files of one name, and say what can't be made. */
export function SaveButtons({ name, files, row }: SaveButtonsProps) {
  const [problem, setProblem] = useState<string>();
  const save = async ({ kind, content }: Saved): Promise<void> => {
    try {
      saveFile(`${name}.${kind.toLowerCase()}`, await content());
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'unknown');
    }
  };
  return (
    <p class="exports" ref={row}>
      Save{' '}
      {files.map((file) => (
        <Fragment key={file.kind}>
          <button type="button" aria-label={file.label} onClick={() => void save(file)}>
            {file.kind}
          </button>{' '}
        </Fragment>
      ))}
      {problem !== undefined && <span role="alert">The picture can't be made: {problem}.</span>}
    </p>
  );
}

interface SaveButtonsProps {
  /** Of the files, without extension. */
  readonly name: string;
  readonly files: readonly Saved[];
  readonly row?: Ref<HTMLParagraphElement>;
}
