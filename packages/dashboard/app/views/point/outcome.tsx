import { textAt, flagAt } from '../../../src/model/cells.js';
import { outcomeOf, type Outcome as Ending } from '../../../src/model/outcomes.js';
import { useSite } from '../../data/site.js';
import { LogText } from './logs.js';
import type { PartProps } from './point.js';

const WORDS: Readonly<Record<Ending, string>> = {
  valid: 'It completed, and no mark is against comparing its numbers.',
  invalid: 'It completed, but its numbers may not be compared: see its marks.',
  failed: 'It failed: there are no numbers.',
  rejected: 'Its plan was refused: nothing was started.',
  skipped: 'It was left out: nothing was started.',
  interrupted: 'It was interrupted: there are no numbers.',
  unknown: 'How it ended is not known.',
};

/** How it ended, and what to mind when its numbers are read. */
export function Outcome({ row, detail }: PartProps) {
  const { points } = useSite();
  const outcome = outcomeOf(points, row);
  const withheld = textAt(points, 'withheld', row);
  return (
    <section>
      <h3>How it ended</h3>
      <p class={`outcome ${outcome}`}>{WORDS[outcome]}</p>
      {withheld !== undefined && <p>Its row is in none of InferenceX's files: {withheld}.</p>}
      {flagAt(points, 'is_duplicate', row) === true && (
        <p>The same measurement is on this site under another name.</p>
      )}
      <ErrorPart detail={detail} row={row} />
      {detail.marks.length > 0 && (
        <ul class="marks">
          {detail.marks.map(({ code, severity, message }, index) => (
            <li key={index} class={severity === 'invalid' ? 'invalid' : 'note'}>
              <strong>{severity}</strong> <code>{code}</code>: {message}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function ErrorPart({ detail: { error }, row }: Pick<PartProps, 'detail' | 'row'>) {
  const { points } = useSite();
  const message = error?.message ?? textAt(points, 'error', row);
  if (message === undefined) return null;
  const code = error?.code ?? textAt(points, 'error_code', row);
  const layer = error?.layer ?? textAt(points, 'layer', row);
  return (
    <div class="error">
      <p>
        {code !== undefined && <code>{code}</code>} {message}
      </p>
      <dl class="facts">
        {layer !== undefined && (
          <div>
            <dt>Layer that failed</dt>
            <dd>{layer}</dd>
          </div>
        )}
        {error?.where !== undefined && (
          <div>
            <dt>Where</dt>
            <dd>{error.where}</dd>
          </div>
        )}
        {error?.hint !== undefined && (
          <div>
            <dt>What to do</dt>
            <dd>{error.hint}</dd>
          </div>
        )}
      </dl>
      {error?.logTail !== undefined && <LogText label="End of the log" text={error.logTail} />}
    </div>
  );
}
