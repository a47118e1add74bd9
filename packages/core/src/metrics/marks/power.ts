import type { EnergyReason, RunRecord } from '../../load/records/record.js';
import { note, type Check, type Mark } from './mark.js';

/** Everything else that a run measured stays valid: only its energy is unknown. */
export const POWER_CHECKS: readonly Check[] = [powerInvalid];

function powerInvalid({ energy }: RunRecord): Mark | undefined {
  if (energy === undefined || energy.valid) return undefined;
  const codes = [...new Set(energy.reasons.map(({ code }) => code))];
  const reasons = codes.map(
    (code) => `${code} (${firstOf(energy.reasons.filter((one) => one.code === code))})`,
  );
  return note('power-invalid', `energy is left out: ${reasons.join('; ')}`);
}

/** A rack has 72 devices, and often all of them the same trouble. */
function firstOf([first, ...more]: readonly EnergyReason[]): string {
  return more.length === 0 ? `${first?.message}` : `${first?.message}, and ${more.length} more`;
}
