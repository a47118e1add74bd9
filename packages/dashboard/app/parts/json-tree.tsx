import './json-tree.css';
import { Disclosure } from './disclosure.js';

/** JSON that strangers wrote, as keys and values: all of it is text. */
export function JsonTree({ value, depth = 0 }: { readonly value: unknown; readonly depth?: number }) {
  const entries = entriesOf(value);
  if (entries === undefined) return <span class={`json-${typeof value}`}>{leafText(value)}</span>;
  if (entries.length === 0) return <span class="empty">{Array.isArray(value) ? 'empty list' : 'empty'}</span>;
  if (depth >= DEEPEST) return <span class="empty">deeper than is shown</span>;
  return (
    <ul class="json-tree">
      {entries.map(([key, member]) => {
        const members = entriesOf(member)?.length ?? 0;
        return (
          <li key={key}>
            {members === 0 ? (
              <>
                <span class="json-key">{key}</span> <JsonTree value={member} depth={depth + 1} />
              </>
            ) : (
              <Disclosure
                isOpen={depth < 1 && members <= 12}
                summary={
                  <>
                    <span class="json-key">{key}</span> <span class="empty">{members}</span>
                  </>
                }
              >
                <JsonTree value={member} depth={depth + 1} />
              </Disclosure>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Far beyond what Sweepline writes: a page of levels without end would stop the browser. */
const DEEPEST = 24;
const LONGEST = 4000;

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value);
}

function leafText(value: unknown): string {
  if (value === undefined) return '–';
  if (typeof value !== 'string') return JSON.stringify(value);
  return value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}… (${value.length} characters)`;
}
