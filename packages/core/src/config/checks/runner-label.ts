import { nearestLabel, suggestion } from '../nearest.js';
import type { Check } from './check.js';

/** A job whose label has no nodes waits forever. */
export const runnerLabel: Check = {
  name: 'runner-label',
  run({ entry }, { runners, labels }) {
    if (runners === undefined) return [];
    const label = entry.runner;
    const known = [...Object.keys(runners.labels), ...labels];
    if (known.includes(label)) return [];
    const near = suggestion(nearestLabel(label, known));
    return [{ path: ['runner'], message: `runner: ${runners.file} has no label "${label}"${near}` }];
  },
};
