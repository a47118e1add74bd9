import type { MeasuredIn } from '../compare/compare.js';
import { RULES, type ConfiguredRule } from './rules.js';
import type { Finding, GateRun } from './rule.js';
import { hasExpired, isWaived, type Waiver } from './waivers.js';

export const GATE_SCHEMA = 'sweepline.gate/1';

/** What a gate says of a run. */
export interface GateReport {
  readonly schema: typeof GATE_SCHEMA;
  readonly run: string;
  /** `unsure`: no rule is broken, and of some it can't be said whether they are. */
  readonly status: 'passed' | 'failed' | 'unsure';
  readonly rules: readonly RuleReport[];
  /** Waivers that let nothing pass: expired ones, and those without a finding. */
  readonly unused: readonly (Waiver & { readonly hasExpired: boolean })[];
}

export interface RuleReport {
  readonly rule: string;
  readonly reason: string;
  readonly status: GateReport['status'];
  readonly findings: readonly (Finding & { readonly waivedBy?: Waiver })[];
}

/** @param today as 2026-01-31, UTC */
export async function judgeRun(
  run: GateRun,
  rules: readonly ConfiguredRule[],
  waivers: readonly Waiver[],
  today: string,
): Promise<GateReport> {
  const valid = waivers.filter((waiver) => !hasExpired(waiver, today));
  const used = new Set<Waiver>();
  const reports: RuleReport[] = [];
  for (const { rule, reason, given } of rules) {
    const found = await RULES[rule]!.check(run, given);
    const findings = found.map((finding) => {
      const waivedBy = valid.find((waiver) => isWaived(waiver, rule, finding));
      if (waivedBy !== undefined) used.add(waivedBy);
      return { ...finding, ...(waivedBy === undefined ? {} : { waivedBy }) };
    });
    const left = findings.filter(({ waivedBy }) => waivedBy === undefined);
    reports.push({ rule, reason, status: worstOf(left.map(({ status }) => status)), findings });
  }
  return {
    ...{
      schema: GATE_SCHEMA,
      run: run.run,
      status: worstOf(reports.map(({ status }) => status)),
      rules: reports,
    },
    unused: waivers
      .filter((waiver) => !used.has(waiver))
      .map((waiver) => ({ ...waiver, hasExpired: hasExpired(waiver, today) })),
  };
}

/** Measurements that a second run has to confirm before the rules can be judged. */
export async function unconfirmed(
  run: GateRun,
  rules: readonly ConfiguredRule[],
): Promise<readonly MeasuredIn[]> {
  const found: MeasuredIn[] = [];
  for (const { rule, given } of rules) found.push(...((await RULES[rule]?.toConfirm?.(run, given)) ?? []));
  return found;
}

function worstOf(statuses: readonly GateReport['status'][]): GateReport['status'] {
  return (['failed', 'unsure'] as const).find((status) => statuses.includes(status)) ?? 'passed';
}
