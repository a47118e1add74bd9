import { availableParallelism } from 'node:os';
import { watchQuiet } from '../../load/health/machine/quiet.js';
import { ok, warning, type Check } from '../diagnosis.js';

/** How long the machine is watched. */
const WATCH_S = 1;
/** Cores that a server and its client need in order not to wait for each other. */
const FEWEST_CORES = 2;

/** How many cores there are, and whether others leave them alone. */
export const cores: Check = {
  name: 'cores',
  async run({ signal }) {
    const count = availableParallelism();
    const few =
      count >= FEWEST_CORES
        ? []
        : [
            warning(
              `${count} core for a server and its client`,
              'Give the machine more, or expect invalid results.',
            ),
          ];
    const found = await watchQuiet(WATCH_S, signal);
    if (found === undefined) return [ok(`${count} cores`), ...few];
    const percent = Math.round((found.busy + found.stolen) * 100);
    const text = `${count} cores; others take ${percent} % of the machine's CPU time`;
    const busy = warning(text, 'End what else runs: on a busy machine results may be invalid.');
    return [found.quiet ? ok(text) : busy, ...few];
  },
};
