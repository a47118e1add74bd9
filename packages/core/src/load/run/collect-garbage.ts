import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects the calling thread's garbage. Before a clock starts, what lives on is moved out of the young generation's way, as the
 * first collection of a run would otherwise move it all at once, with thousands of streams waiting.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
