import { PEER_MEANINGS, PEER_VERSIONS, PEERS, type PeerMeaning } from '../../../src/model/peer-names.js';
import type { SiteMetric } from '../../../src/site/site-data.js';
import { useSite } from '../../data/site.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import type { Place } from '../../state/url.js';
import type { View } from '../view.js';

export const definitions: View = { name: 'definitions', label: 'Definitions', Page: Definitions };

/** What each metric is, and what other tools mean by the same names. */
function Definitions({ place }: { readonly place: Place }) {
  const { index } = useSite();
  return (
    <section>
      <h2>Definitions</h2>
      <p>Each metric of this site, with its unit and where it is defined.</p>
      <DataTable caption="Metrics" columns={METRIC_COLUMNS} rows={index.metrics} place={place} />
      <h3>What other tools mean by the same names</h3>
      <p>
        For the same run these differ: compare numbers of different tools with care. Read in{' '}
        {PEERS.map((peer) => `${peer} ${PEER_VERSIONS[peer]}`).join(', ')}. Files and lines are in Sweepline's
        docs/metrics.md.
      </p>
      <DataTable
        caption="Meanings by tool"
        name="peers"
        columns={PEER_COLUMNS}
        rows={PEER_MEANINGS}
        place={place}
      />
    </section>
  );
}

const METRIC_COLUMNS: readonly TableColumn<SiteMetric>[] = [
  { key: 'label', label: 'Metric', value: ({ label }) => label },
  { key: 'key', label: 'Key', value: ({ key }) => key, cell: ({ key }) => <code>{key}</code> },
  { key: 'unit', label: 'Unit', value: ({ unit }) => unit },
  { key: 'better', label: 'Better', value: ({ better }) => better },
  {
    key: 'definition',
    label: 'Definition',
    value: ({ definition }) => definition,
    cell: ({ definition }) => <span class="definition">{definition}</span>,
  },
];

const PEER_COLUMNS: readonly TableColumn<PeerMeaning>[] = [
  { key: 'name', label: 'Name', value: ({ name }) => name },
  ...PEERS.map((peer) => ({
    key: peer.toLowerCase(),
    label: peer,
    value: ({ meanings }: PeerMeaning) => meanings[peer],
    cell: ({ meanings }: PeerMeaning) => <span class="meaning">{meanings[peer]}</span>,
  })),
];
