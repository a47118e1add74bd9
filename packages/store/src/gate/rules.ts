import { loadConfigFile, z } from '@sweepline/core';
import type { GateRule } from './rule.js';
import { acceptanceLength } from './rules/acceptance-length.js';
import { clientHealth } from './rules/client-health.js';
import { completeness } from './rules/completeness.js';
import { evalFloor } from './rules/eval-floor.js';
import { failedRequests } from './rules/failed-requests.js';
import { marks } from './rules/marks.js';
import { regression } from './rules/regression.js';
import { requiredMetrics } from './rules/required-metrics.js';
import { settings } from './rules/settings.js';

/** Rules by the name that gate.yaml has for them. */
export const RULES: Readonly<Record<string, GateRule>> = {
  'failed-requests': failedRequests,
  marks,
  'client-health': clientHealth,
  'required-metrics': requiredMetrics,
  completeness,
  regression,
  settings,
  'eval-floor': evalFloor,
  'acceptance-length': acceptanceLength,
};

const reason = z.string().trim().min(1).describe('Why it has to be met; reports say it.');

const [first, ...others] = Object.entries(RULES).map(([name, { options }]) =>
  options.extend({ rule: z.literal(name), reason }),
);

/** gate.yaml: what a run has to meet. */
export const gateSchema = z.strictObject({
  rules: z.array(z.discriminatedUnion('rule', [first!, ...others])).min(1),
});

const configured = z.looseObject({ rule: z.string(), reason: z.string() });

/** A rule as gate.yaml has it. */
export interface ConfiguredRule {
  readonly rule: string;
  readonly reason: string;
  /** Its settings. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** @throws {SweeplineError} CONFIG_NOT_FOUND, CONFIG_SYNTAX or CONFIG_INVALID */
export async function loadRules(file: string): Promise<readonly ConfiguredRule[]> {
  const { rules } = await loadConfigFile(file, gateSchema);
  return rules.map((one) => {
    const { rule, reason: why, ...given } = configured.parse(one);
    return { rule, reason: why, given };
  });
}
