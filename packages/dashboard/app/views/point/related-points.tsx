import { useMemo } from 'preact/hooks';
import { numberAt, textAt } from '../../../src/model/cells.js';
import { relativesOf } from '../../../src/model/find-point.js';
import { outcomeOf } from '../../../src/model/outcomes.js';
import type { TableData } from '../../../src/site/table.js';
import { useSite } from '../../data/site.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { Time } from '../../parts/time.js';
import { pointLink } from '../../state/links.js';
import type { PartProps } from './point.js';

/** Repeats of the point, and the same in other runs. */
export function RelatedPoints({ place, row }: PartProps) {
  const { points } = useSite();
  const { repeats, elsewhere } = useMemo(() => relativesOf(points, row), [points, row]);
  const columns = useMemo(() => columnsOf(points), [points]);
  return (
    <section>
      <h3>Measured again</h3>
      <DataTable
        caption="Repeats in its run"
        name="repeats"
        columns={columns}
        rows={repeats}
        place={place}
        empty="It was measured once in its run."
      />
      <DataTable
        caption="The same in other runs"
        name="others"
        columns={columns}
        rows={elsewhere}
        place={place}
        empty="No other run on this site has it."
      />
    </section>
  );
}

function columnsOf(points: TableData): readonly TableColumn<number>[] {
  const text = (key: string, label: string): TableColumn<number> => ({
    key,
    label,
    value: (row) => textAt(points, key, row),
  });
  return [
    {
      key: 'point',
      label: 'Point',
      value: (row) => textAt(points, 'point', row),
      cell: (row) => {
        const [run, point] = [textAt(points, 'run', row) ?? '', textAt(points, 'point', row) ?? ''];
        return (
          <a class="name" href={pointLink(run, point)}>
            {point}
          </a>
        );
      },
    },
    text('run', 'Run'),
    { key: 'repeat', label: 'Repeat', isNumber: true, value: (row) => numberAt(points, 'repeat', row) },
    { key: 'outcome', label: 'Outcome', value: (row) => outcomeOf(points, row) },
    text('image', 'Image'),
    {
      key: 'end',
      label: 'End',
      value: (row) => textAt(points, 'finished_at', row),
      cell: (row) => <Time value={textAt(points, 'finished_at', row)} />,
    },
  ];
}
