import type { Judgement } from '@sweepline/store/judge';
import { changeText, intervalText, verdictText } from '../../src/model/verdict-words.js';
import type { TableColumn } from './data-table.js';
import { VerdictText } from './verdict.js';

/** Columns of what is said of a difference: what could have been found comes before what was concluded. */
export function judgementColumns<R>(of: (row: R) => Judgement | undefined): readonly TableColumn<R>[] {
  return [
    {
      ...{ key: 'detectable', label: 'Would be found from', isNumber: true },
      value: (row) => of(row)?.detectable,
      cell: (row) => share(of(row)?.detectable),
    },
    {
      ...{ key: 'change', label: 'Change', isNumber: true },
      value: (row) => of(row)?.change,
      cell: (row) => share(of(row)?.change),
    },
    {
      ...{ key: 'interval', label: '95 % interval', isNumber: true },
      value: (row) => intervalText(of(row)?.interval),
    },
    {
      ...{ key: 'verdict', label: 'Verdict' },
      value: (row) => {
        const judgement = of(row);
        return judgement && verdictText(judgement);
      },
      cell: (row) => <VerdictText judgement={of(row)} />,
    },
  ];
}

function share(value: number | undefined): string {
  return value === undefined ? '–' : changeText(value);
}
