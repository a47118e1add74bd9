import { numberText } from '../../../src/model/number-text.js';
import type { PartProps } from './point.js';

const NAMES = [
  ['offered', 'Offered'],
  ['sent', 'Sent'],
  ['completed', 'Completed'],
  ['failed', 'Failed'],
  ['peakInFlight', 'Most in flight at once'],
] as const;

/** How much of the load was delivered, in requests. */
export function DeliveredLoad({ detail: { delivered } }: PartProps) {
  const known = NAMES.flatMap(([key, label]) => {
    const count = delivered?.[key];
    return count === undefined ? [] : [{ label, count }];
  });
  return (
    <section>
      <h3>Delivered load</h3>
      {known.length === 0 ? (
        <p class="empty">What was delivered is not on record.</p>
      ) : (
        <dl class="counts">
          {known.map(({ label, count }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{numberText(count)}</dd>
            </div>
          ))}
        </dl>
      )}
      {known.length > 0 && <p class="empty">In requests, without warm-ups.</p>}
    </section>
  );
}
