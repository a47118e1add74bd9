import { availableParallelism } from 'node:os';
import { watchQuiet } from '../../load/health/machine/quiet.js';
import { ok, warning, type Check } from '../diagnosis.js';

/** How long the machine is observed, in milliseconds. */
const WATCH_S = 1;
/** Cores that a server and its client need so that neither waits for the other. */
const FEWEST_CORES = 2;

/** How many cores there are, and whether other programs use them. */
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
              'Use a machine with more cores, or expect invalid results.',
            ),
          ];
    const found = await watchQuiet(WATCH_S, signal);
    if (found === undefined) return [ok(`${count} cores`), ...few];
    const percent = Math.round((found.busy + found.stolen) * 100);
    const text = `${count} cores; other programs use ${percent} % of the machine's CPU time`;
    const busy = warning(text, 'Stop other programs: on a busy machine results may be invalid.');
    return [found.quiet ? ok(text) : busy, ...few];
  },
};
