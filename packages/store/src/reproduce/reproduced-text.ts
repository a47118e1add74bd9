import type { Agreement, MetricAgreement } from './agreement.js';
import { differenceText } from '../differences.js';
import { rounded, signedPercent } from '../output/number-text.js';
import type { NotAgain } from './not-again.js';
import type { Reproduced } from './reproduce-bundle.js';

export function notAgainText(listed: readonly NotAgain[]): string {
  if (listed.length === 0) return "nothing is known that can't be had again\n";
  return listed.map(({ what, why }) => `can't be had again, or not surely: ${what}: ${why}\n`).join('');
}

export function reproducedText({ runs, differences, agreement }: Reproduced): string {
  const lines = [
    ...(runs.length === 0 ? [] : [`run again as ${runs.join(', ')}`]),
    ...differences.map((difference) => `differs: ${differenceText(difference)}`),
    ...agreement.metrics.map(metricText),
    `noise: ${agreement.basis}`,
    verdictText(agreement),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

export function verdictText({ verdict, metrics, decider }: Omit<Agreement, 'basis'>): string {
  if (verdict === "can't say") return `can't say; what would decide: ${decider ?? ''}`;
  if (verdict === 'agrees') return 'agrees';
  const beyond = metrics.filter((one) => one.verdict === 'differs');
  const texts = beyond.map(({ metric, difference }) => `${metric} by ${signedPercent(difference)}`);
  return `differs beyond noise: ${texts.join(', ')}`;
}

function metricText({ metric, original, again, difference, smallest, verdict }: MetricAgreement): string {
  const noise =
    smallest === undefined ? 'noise unknown' : `a difference above ${(100 * smallest).toFixed(1)} % is seen`;
  return `${metric}: ${rounded(original)}, again ${rounded(again)}: ${signedPercent(difference)}; ${noise}; ${verdict}`;
}
