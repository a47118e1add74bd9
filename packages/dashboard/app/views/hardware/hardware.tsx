import './hardware.css';
import { useMemo } from 'preact/hooks';
import type { SiteHardware } from '../../../src/site/site-data.js';
import { useSite } from '../../data/site.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { WebLink } from '../../parts/web-link.js';
import type { Place } from '../../state/url.js';
import type { View } from '../view.js';
import { Topology } from './topology.js';

export const hardware: View = { name: 'hardware', label: 'Hardware', Page: Hardware };

/** What is known of each kind of device, with its sources. */
function Hardware({ place }: { readonly place: Place }) {
  const { index } = useSite();
  const columns = useMemo(() => columnsOf(index.hardware), [index]);
  return (
    <section>
      <h2>Hardware</h2>
      <p>Figures are per device, FLOP/s are dense. What isn't known is left out: “–”.</p>
      <DataTable
        caption="Devices"
        columns={columns}
        rows={index.hardware}
        place={place}
        empty="This site knows no hardware."
      />
      <h3>Topology and sources</h3>
      <div class="skus">
        {index.hardware.map((sku) => (
          <article key={sku.sku}>
            <h4>{sku.sku}</h4>
            <Topology hardware={sku} />
            <ul>
              {sku.sources.map(({ what, url, date }, source) => (
                <li key={source}>
                  {url === undefined ? what : <WebLink address={url} text={what} />}, read {date}
                </li>
              ))}
            </ul>
            {sku.sources.length === 0 && <p class="empty">No source is named.</p>}
          </article>
        ))}
      </div>
    </section>
  );
}

const number = (
  key: string,
  label: string,
  unit: string,
  value: (sku: SiteHardware) => number | undefined,
): TableColumn<SiteHardware> => ({ key, label, unit, isNumber: true, value });

/** Precisions and kinds of offer are those that any has. */
function columnsOf(all: readonly SiteHardware[]): readonly TableColumn<SiteHardware>[] {
  const precisions = namesOf(all.map(({ flops }) => flops));
  const offers = namesOf(all.map(({ pricePerHour }) => pricePerHour));
  return [
    { key: 'sku', label: 'SKU', value: ({ sku }) => sku },
    { key: 'vendor', label: 'Vendor', value: ({ vendor }) => vendor },
    { key: 'device', label: 'Device', value: ({ device }) => device },
    number('per-node', 'Per node', 'devices', ({ devicesPerNode }) => devicesPerNode),
    number('memory', 'Memory', 'GiB', ({ memoryGiB }) => memoryGiB),
    number('bandwidth', 'Bandwidth', 'GB/s', ({ memoryBandwidthGBps }) => memoryBandwidthGBps),
    ...precisions.map((precision) =>
      number(`flops-${precision}`, precision.toUpperCase(), 'TFLOP/s', ({ flops }) => {
        const dense = own(flops, precision);
        return dense === undefined ? undefined : dense / 1e12;
      }),
    ),
    { key: 'link', label: 'Interconnect', value: ({ interconnect }) => interconnect?.name },
    number('link-gbps', 'It sends', 'GB/s', ({ interconnect }) => interconnect?.gBps),
    number('domain', 'Domain', 'devices', ({ interconnect }) => interconnect?.domain),
    number('tdp', 'TDP', 'W', ({ tdpW }) => tdpW),
    number('all-in', 'All-in power', 'W', ({ allInW }) => allInW),
    ...offers.map((offer) =>
      number(`price-${offer}`, offer, 'USD/h', ({ pricePerHour }) => own(pricePerHour, offer)),
    ),
  ];
}

type Numbers = Readonly<Record<string, number>> | undefined;

function namesOf(all: readonly Numbers[]): readonly string[] {
  return [...new Set(all.flatMap((numbers) => Object.keys(numbers ?? {})))];
}

function own(numbers: Numbers, name: string): number | undefined {
  return numbers !== undefined && Object.hasOwn(numbers, name) ? numbers[name] : undefined;
}
