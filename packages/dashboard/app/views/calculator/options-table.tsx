import { useMemo } from 'preact/hooks';
import { sureCosts, type Reached } from '../../../src/model/calculator.js';
import { textAt } from '../../../src/model/cells.js';
import type { TableData } from '../../../src/site/table.js';
import { CsvButton } from '../../parts/csv-button.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import type { Place } from '../../state/url.js';
import { PointAt } from './point-at.js';
import type { CalculatorSettings, Shown } from './settings.js';

export interface ReachedOption extends Reached {
  readonly key: string;
  readonly name: string;
}

/** The estimate. */
export function valueOfShown(option: ReachedOption, key: Shown['key']): number | undefined {
  if (key === 'throughput') return option.throughput;
  if (key === 'cost') return option.usdPerMillion;
  return key === 'energy' ? option.provisionedJ : option.needed?.devices;
}

/** Of the measured point that keeps the target. */
export function sureOfShown(option: ReachedOption, key: Shown['key']): number | undefined {
  if (key === 'throughput') return option.sure;
  const { usdPerMillion, provisionedJ, devices } = sureCosts(option);
  if (key === 'cost') return usdPerMillion;
  return key === 'energy' ? provisionedJ : devices;
}

/** All numbers of the options that reach the target. */
export function OptionsTable({ place, settings, points, rows, target }: OptionsTableProps) {
  const { x, load } = settings;
  const hasMeasured = rows.some(({ measuredJ }) => measuredJ !== undefined);
  const hasLoad = load !== undefined;
  const columns = useMemo(
    () => columnsOf(points, settings, { hasMeasured, hasLoad }),
    [points, settings, hasMeasured, hasLoad],
  );
  const caption = `Options at ${settings.target.label} ${target} ${x.unit} (${settings.statistic})`;
  return (
    <>
      <DataTable
        caption={caption}
        name="options"
        columns={columns}
        rows={rows}
        place={place}
        empty="No option was measured on both sides of this target."
      />
      {rows.length > 0 && (
        <CsvButton name="calculator" header={headerOf(settings)} rows={() => csvRows(rows, points, target)} />
      )}
    </>
  );
}

interface OptionsTableProps {
  readonly place: Place;
  readonly settings: CalculatorSettings;
  readonly points: TableData;
  readonly rows: readonly ReachedOption[];
  readonly target: number;
}

interface Has {
  readonly hasMeasured: boolean;
  readonly hasLoad: boolean;
}

function columnsOf(
  points: TableData,
  { x }: CalculatorSettings,
  { hasMeasured, hasLoad }: Has,
): readonly TableColumn<ReachedOption>[] {
  const number = (
    key: string,
    label: string,
    unit: string,
    value: (option: ReachedOption) => number | undefined,
  ): TableColumn<ReachedOption> => ({ key, label, unit, isNumber: true, value });
  return [
    {
      key: 'option',
      label: 'Option',
      value: ({ name }) => name,
      cell: ({ name }) => <span class="name">{name}</span>,
    },
    number('sure', 'Reached by a point', 'tok/s/device', ({ sure }) => sure),
    number('throughput', 'Estimate', 'tok/s/device', ({ throughput }) => throughput),
    number('cost', 'Cost', '$/M tokens', ({ usdPerMillion }) => usdPerMillion),
    number('provisioned', 'Energy, provisioned', 'J/token', ({ provisionedJ }) => provisionedJ),
    ...(hasMeasured ? [number('measured', 'Energy, measured', 'J/token', (one) => one.measuredJ)] : []),
    ...(hasLoad
      ? [
          number('devices', 'Devices', '', ({ needed }) => needed?.devices),
          number('servers', 'In whole servers', 'devices', ({ needed }) => needed?.inServers?.devices),
          number('power', 'Power, all-in', 'kW', ({ needed }) => needed?.kilowatts),
          number('usd', 'Cost', '$/h', ({ needed }) => needed?.usdPerHour),
        ]
      : []),
    {
      key: 'between',
      label: 'Between',
      value: ({ between: [a, b] }) => (a === b ? 'measured' : `${a.x} ${b.x}`),
      cell: ({ between: [a, b] }) =>
        a === b ? (
          <>
            measured: <PointAt {...{ points, x, point: a }} />
          </>
        ) : (
          <>
            <PointAt {...{ points, x, point: a }} /> and <PointAt {...{ points, x, point: b }} />
          </>
        ),
    },
  ];
}

function headerOf({ x, target, statistic, load }: CalculatorSettings): readonly string[] {
  return [
    'option',
    `${target.label} (${x.unit}, ${statistic})`,
    'throughput of a point that keeps it (tok/s/device)',
    'throughput, estimate (tok/s/device)',
    'cost ($/M tokens)',
    'energy, provisioned (J/token)',
    'energy, measured (J/token)',
    `load as given (${load?.unit ?? 'none'})`,
    'load (tokens/s)',
    ...['devices', 'devices in whole servers', 'servers', 'power, all-in (kW)', 'cost ($/h)'],
    ...[
      'run of the point before',
      'point before',
      `its ${x.key} (${x.unit})`,
      'its throughput (tok/s/device)',
    ],
    ...['run of the point after', 'point after', `its ${x.key} (${x.unit})`, 'its throughput (tok/s/device)'],
  ];
}

function csvRows(rows: readonly ReachedOption[], points: TableData, target: number) {
  const pointOf = ({ row, x, y }: ReachedOption['between'][number]) => [
    ...[textAt(points, 'run', row), textAt(points, 'point', row), x, y],
  ];
  return rows.map(({ name, sure, throughput, usdPerMillion, provisionedJ, measuredJ, needed, between }) => [
    ...[name, target, sure, throughput, usdPerMillion, provisionedJ, measuredJ],
    ...[needed?.amount, needed?.tokensPerSecond, needed?.devices],
    ...[needed?.inServers?.devices, needed?.inServers?.servers, needed?.kilowatts, needed?.usdPerHour],
    ...between.flatMap(pointOf),
  ]);
}
