import type { RunRecord } from '../../load/records/record.js';
import { note, type Check, type Mark } from './mark.js';

/** Everything else that a run measured stays valid: only its energy is unknown. */
export const POWER_CHECKS: readonly Check[] = [powerInvalid];

function powerInvalid({ energy }: RunRecord): Mark | undefined {
  if (energy === undefined || energy.valid) return undefined;
  const reasons = energy.reasons.map(({ code, message }) => `${code} (${message})`);
  return note('power-invalid', `energy is left out: ${reasons.join('; ')}`);
}
