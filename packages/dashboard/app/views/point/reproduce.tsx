import { shellLine } from '../../../src/model/shell-line.js';
import { CopyButton } from '../../parts/copy-button.js';
import type { PartProps } from './point.js';

/** The command that measures it again. */
export function Reproduce({ detail: { reproduce } }: PartProps) {
  const line = reproduce === undefined ? undefined : shellLine(reproduce);
  return (
    <section>
      <h3>Reproduce it</h3>
      {line === undefined ? (
        <p class="empty">It was not measured by Sweepline, or its command is not on record.</p>
      ) : (
        <>
          <pre class="command" role="region" aria-label="Command that measures it again" tabIndex={0}>
            {line}
          </pre>
          <p>
            <CopyButton text={line} label="Copy the command" />
          </p>
        </>
      )}
    </section>
  );
}
