import { FIELD } from '../fields.js';
import { nearestField } from '../issues.js';
import type { Check } from './check.js';

/** A job with a label that nobody has waits for ever. */
export const runnerLabel: Check = {
  name: 'runner-label',
  run({ entry }, { runners, labels }) {
    if (runners === undefined) return [];
    const label = entry[FIELD.runner];
    const known = [...Object.keys(runners[FIELD.labels]), ...labels];
    if (known.includes(label)) return [];
    const near = nearestField(
      label,
      known.filter((other) => digitsOf(other) === digitsOf(label)),
    );
    const suggestion = near === undefined ? '' : `; did you mean "${near}"?`;
    return [
      { path: [FIELD.runner], message: `runner: ${runners.file} has no label "${label}"${suggestion}` },
    ];
  },
};

/** Labels with other digits name other hardware: they are no misspelling of each other. */
function digitsOf(label: string): string {
  return label.replaceAll(/\D/g, '');
}
