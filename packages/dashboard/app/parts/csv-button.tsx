import { csvText, type CsvValue } from '../../src/model/csv.js';
import { saveFile } from './save-file.js';

/** Saves a table as CSV. */
export function CsvButton({ name, header, rows }: CsvButtonProps) {
  return (
    <p class="exports">
      Save{' '}
      <button
        type="button"
        onClick={() =>
          saveFile(`${name}.csv`, new Blob([csvText(header, rows())], { type: 'text/csv;charset=utf-8' }))
        }
      >
        CSV
      </button>
    </p>
  );
}

interface CsvButtonProps {
  /** Of the file, without extension. */
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: () => readonly (readonly CsvValue[])[];
}
