import { reproduceLines } from '../../../src/model/reproduce-line.js';
import { CopyButton } from '../../parts/copy-button.js';
import type { PartProps } from './point.js';

/** The command that measures it again. */
export function Reproduce({ detail }: PartProps) {
  const command = reproduceLines(detail)?.join('\n');
  return (
    <section>
      <h3>Reproduce it</h3>
      {command === undefined ? (
        <p class="empty">It was not measured by Sweepline, or its command is not on record.</p>
      ) : (
        <>
          <pre class="command" role="region" aria-label="Command that measures it again" tabIndex={0}>
            {command}
          </pre>
          <p>
            <CopyButton text={command} label="Copy the command" />
          </p>
        </>
      )}
    </section>
  );
}
