import './verdict.css';
import type { Judgement } from '@sweepline/store/judge';
import type { ChangedSetting } from '../../src/model/measurements.js';
import { changedText, verdictText } from '../../src/model/verdict-words.js';

/** What `sweepline compare` concludes. */
export function VerdictText({ judgement }: { readonly judgement: Judgement | undefined }) {
  if (judgement === undefined) return <>–</>;
  return <span class={`verdict is-${judgement.verdict}`}>{verdictText(judgement)}</span>;
}

/** Settings that differ, with both values once opened. */
export function Changed({ changed }: { readonly changed: readonly ChangedSetting[] }) {
  if (changed.length === 0) return <>–</>;
  return (
    <details class="changed">
      <summary>{changedText(changed)}</summary>
      <dl>
        {changed.map(({ label, a, b }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {a} → {b}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
