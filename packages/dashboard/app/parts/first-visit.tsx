import { useState } from 'preact/hooks';
import { remembered } from '../state/remembered.js';

const memory = remembered('visited');

/** Says once what one is looking at. */
export function FirstVisit() {
  const [isSeen, setSeen] = useState(() => memory.get() !== undefined);
  if (isSeen) return null;
  return (
    <p class="first-visit">
      These are measurements of servers of language models: how many tokens a device makes, and how fast each
      user gets them. A point is one measurement; a line joins those that no other of its series beats. Open a
      point for all that is known of it.{' '}
      <button
        type="button"
        onClick={() => {
          memory.set('yes');
          setSeen(true);
        }}
      >
        Got it
      </button>
    </p>
  );
}
