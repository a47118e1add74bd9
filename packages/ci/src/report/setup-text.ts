import type { CanaryState } from '../plan/parts.js';
import type { Plan } from '../plan/plan.js';
import { pointsOf } from '../plan/share.js';
import { quoted, table } from './markdown.js';

/** Summary of what a run is going to measure; of why it is nothing, given as text. */
export function setupText(plan: Plan | string, reuse?: string): string {
  if (typeof plan === 'string') return `## Nothing to sweep\n\n${quoted(plan)}`;
  const { configs, later, evals, head, base, part } = plan;
  const rows = configs.map(({ name, runner, canary, rows: all }) => [
    name,
    runner,
    String(pointsOf([...(canary === undefined ? [] : [canary]), ...all.flatMap(({ jobs }) => jobs)])),
    String(all.length),
  ]);
  return [
    `## Sweep of ${head.slice(0, 12)}${base === undefined ? '' : ` since ${base.slice(0, 12)}`}, run ${part}`,
    ...(reuse === undefined
      ? []
      : [`The results are those of run ${reuse}, which measured the same for the pull request.`]),
    ...(rows.length === 0 ? [] : [table(['Config', 'Runner', 'Points', 'Rows'], rows)]),
    ...(later.length === 0
      ? []
      : [
          `${later.length} configs wait, wholly or in part, for the next run: the runners would not begin them in time.`,
        ]),
    ...(evals === 0 ? [] : [`The servers of ${evals} jobs are asked an eval, and not loaded.`]),
  ].join('\n\n');
}

export function canariesText(
  { configs }: Plan,
  states: ReadonlyMap<string, CanaryState>,
  refused: readonly string[],
): string {
  const bad = configs.filter(({ id }) => states.get(id) !== 'passed');
  return [
    `## Canaries: ${configs.length - bad.length} of ${configs.length} configs go on`,
    ...(bad.length === 0
      ? []
      : [
          table(
            ['Config', 'Runner', 'Canary'],
            bad.map(({ id, name, runner }) => [name, runner, states.get(id) ?? 'lost']),
          ),
        ]),
    ...refused.map((why) => `Not read: ${quoted(why)}`),
  ].join('\n\n');
}
