import type { ChartData } from '../../chart/chart-data.js';
import { pngOf, svgOf } from '../../chart/picture.js';
import { useTheme } from '../../chart/use-theme.js';
import { DISCLAIMER } from '../../../src/site/disclaimer.js';
import { SaveButtons } from '../../parts/save-buttons.js';

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
  const options = { theme, width: 1200, plotHeight: 640, notes: [source, DISCLAIMER] };
  return (
    <SaveButtons
      name={name}
      files={[
        { kind: 'PNG', content: () => pngOf(chart, options) },
        { kind: 'SVG', content: () => new Blob([svgOf(chart, options)], { type: 'image/svg+xml' }) },
        { kind: 'CSV', content: () => new Blob([csv()], { type: 'text/csv' }) },
      ]}
    />
  );
}
