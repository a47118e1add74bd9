import { useState } from 'preact/hooks';
import type { ChartData } from '../../chart/chart-data.js';
import { pngOf, svgOf } from '../../chart/picture.js';
import { useTheme } from '../../chart/use-theme.js';
import { DISCLAIMER } from '../../../src/site/disclaimer.js';
import { saveFile } from '../../parts/save-file.js';

interface ExportButtonsProps {
  readonly chart: ChartData;
  readonly csv: () => string;
  /** Begin of the names of files. */
  readonly name: string;
  /** Where the numbers are from. */
  readonly source: string;
}

/** The chart as PNG and SVG, its numbers as CSV. */
export function ExportButtons({ chart, csv, name, source }: ExportButtonsProps) {
  const theme = useTheme();
  const [problem, setProblem] = useState<string>();
  const options = { theme, width: 1200, plotHeight: 640, notes: [source, DISCLAIMER] };
  const savePng = async (): Promise<void> => {
    try {
      saveFile(`${name}.png`, await pngOf(chart, options));
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'unknown');
    }
  };
  return (
    <p class="exports">
      Save{' '}
      <button type="button" onClick={() => void savePng()}>
        PNG
      </button>{' '}
      <button
        type="button"
        onClick={() => saveFile(`${name}.svg`, new Blob([svgOf(chart, options)], { type: 'image/svg+xml' }))}
      >
        SVG
      </button>{' '}
      <button type="button" onClick={() => saveFile(`${name}.csv`, new Blob([csv()], { type: 'text/csv' }))}>
        CSV
      </button>
      {problem !== undefined && <span role="alert">The picture can't be made: {problem}.</span>}
    </p>
  );
}
