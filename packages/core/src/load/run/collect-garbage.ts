import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Runs a full garbage collection in the calling thread. Done before a clock starts, it moves long-lived objects out of the young
 * generation; otherwise the first collection of a run would move them all at once while thousands of streams wait.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
