import { Disclosure } from '../../parts/disclosure.js';
import type { PartProps } from './point.js';

/** The ends of its processes' logs, by role, replica and rank. */
export function Logs({ detail: { logs } }: PartProps) {
  return (
    <section>
      <h3>Logs</h3>
      {logs.length === 0 && <p class="empty">This site has no log of it.</p>}
      {logs.map(({ role, replica, rank, tail }) => {
        const label = `${role}, replica ${replica}, rank ${rank}`;
        return (
          <Disclosure key={label} summary={label}>
            <LogText label={`End of the log of ${label}`} text={tail} />
          </Disclosure>
        );
      })}
    </section>
  );
}

export function LogText({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <pre class="log" role="region" aria-label={label} tabIndex={0}>
      {text}
    </pre>
  );
}
