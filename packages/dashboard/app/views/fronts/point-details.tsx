import { textAt, textsAt } from '../../../src/model/cells.js';
import { parallelismWords, pointWords } from '../../../src/model/point-words.js';
import { pointRoofline } from '../../../src/model/roofline/point-roofline.js';
import type { TableData } from '../../../src/site/table.js';
import { useSite } from '../../data/site.js';
import { useMetrics } from '../../data/use-metrics.js';
import { shareText } from '../point/roofline.js';
import type { ShownFronts } from './use-fronts.js';

/** What a point's tooltip says besides its numbers. */
export function PointDetails({ points, row, shown }: PointDetailsProps) {
  const point = shown.fronts.series.flatMap(({ points: all }) => all.filter((one) => one.row === row))[0];
  const roofline = useRoofline(points, row);
  const marks = textsAt(points, 'marks', row);
  const lines = [
    pointWords(points, row),
    parallelismWords(points, row),
    `${textAt(points, 'origin', row) ?? 'unknown origin'} · run ${textAt(points, 'run', row) ?? 'unknown'} · ${textAt(points, 'date', row) ?? 'no date'}`,
    point?.interval === undefined ? 'One run: no interval between runs is known' : basisText(point.interval),
    ...(roofline === undefined ? [] : [roofline]),
    ...(point?.isKept === false ? ['Misses a limit that is set, or lacks its number'] : []),
    ...(marks.length > 0 ? [`Marks: ${marks.join(', ')}`] : []),
  ];
  return (
    <>
      {lines
        .filter((line) => line !== '')
        .map((line) => (
          <div key={line} class="tip-line">
            {line}
          </div>
        ))}
    </>
  );
}

/** Nothing while its throughput is loading, and where a fact is missing. */
function useRoofline(points: TableData, row: number): string | undefined {
  const { index } = useSite();
  const metrics = useMetrics(['tput_per_gpu']);
  if (metrics.state !== 'loaded') return undefined;
  const throughput = metrics.value.get('tput_per_gpu')?.[row] ?? undefined;
  const roofline = pointRoofline(points, row, index.hardware, throughput);
  if (roofline === undefined) return undefined;
  const defect = roofline.share > 1 ? ': more than the hardware can do, so something is wrong' : '';
  return `${shareText(roofline)} of the roofline, bound by ${roofline.boundBy}${defect}`;
}

interface PointDetailsProps {
  readonly points: TableData;
  readonly row: number;
  readonly shown: ShownFronts;
}

function basisText({
  basis,
  runs,
  level,
}: {
  readonly basis: string;
  readonly runs: number | undefined;
  readonly level: number | undefined;
}): string {
  const percent = level === undefined ? 'Interval' : `${Math.round(level * 100)} % interval`;
  const count = runs === undefined ? '' : `, n = ${runs}`;
  return `${percent} between runs: ${basis === 'repeats' ? 'repeats' : basis === 'noise-model' ? 'noise model' : basis}${count}`;
}
