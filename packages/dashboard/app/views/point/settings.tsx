import { useMemo } from 'preact/hooks';
import { object } from '@sweepline/store/json';
import { textsOf } from '../../../src/model/json-values.js';
import { settingPairs, type SettingPair } from '../../../src/model/setting-pairs.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import type { PartProps } from './point.js';

/** What the plan wanted the engine to have against what the engine says it has. */
export function Settings({ place, detail: { provenance } }: PartProps) {
  const { intended, engine } = object(provenance);
  const pairs = useMemo(() => settingPairs(textsOf(intended), textsOf(engine)), [intended, engine]);
  const differing = pairs.filter(({ verdict }) => verdict === 'differs').length;
  return (
    <section>
      <h3>Intended and effective settings</h3>
      {pairs.length === 0 ? (
        <p class="empty">Neither is on record.</p>
      ) : (
        <>
          <p>
            {differing === 0
              ? 'No setting that both name differs.'
              : `${differing} of ${pairs.length} differ.`}
          </p>
          <DataTable caption="Settings" name="settings" columns={COLUMNS} rows={pairs} place={place} />
        </>
      )}
    </section>
  );
}

const COLUMNS: readonly TableColumn<SettingPair>[] = [
  { key: 'name', label: 'Setting', value: ({ name }) => name },
  { key: 'intended', label: 'Intended', value: ({ intended }) => intended },
  { key: 'effective', label: 'Effective', value: ({ effective }) => effective },
  {
    key: 'verdict',
    label: 'Verdict',
    value: ({ verdict }) => verdict,
    cell: ({ verdict }) => <span class={verdict === 'differs' ? 'differs' : 'empty'}>{verdict}</span>,
  },
];
