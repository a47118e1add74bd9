import { Disclosure } from '../../parts/disclosure.js';
import { JsonTree } from '../../parts/json-tree.js';
import type { PartProps } from './point.js';

const PARTS = [
  ['provenance', 'Provenance'],
  ['job', 'Job: the expanded matrix entry'],
  ['load', 'Load spec'],
  ['extra', 'What else its row says'],
] as const;

/** All that is on record, as keys and values. */
export function RawParts({ detail }: PartProps) {
  const known = PARTS.filter(([key]) => detail[key] !== undefined);
  return (
    <section>
      <h3>On record</h3>
      {known.length === 0 && <p class="empty">Nothing else is.</p>}
      {known.map(([key, label]) => (
        <Disclosure key={key} summary={label}>
          <JsonTree value={detail[key]} />
        </Disclosure>
      ))}
    </section>
  );
}
