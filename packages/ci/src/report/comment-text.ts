import { cut } from '../actions/environment.js';
import type { Collected } from './collected.js';
import { changeChart } from './change-chart.js';
import type { Comparison, Gate } from './judgements.js';
import { quoted, table, withoutCalls } from './markdown.js';

/** The comment is found again by its first line. */
export const MARKER = '<!-- sweepline ci -->';
/** GitHub takes 65,536 characters. */
const MOST = 60_000;
const MOST_OF_DETAILS = 30_000;

export interface Reported {
  readonly collected: Collected;
  /** Undefined without rules, and without results. */
  readonly gate: Gate | undefined;
  /** Undefined where there is no run to compare with. */
  readonly comparison: { readonly json: Comparison; readonly markdown: string } | undefined;
  /** Whether a second run was to decide what seems worse, and has left no result. */
  readonly isUnconfirmed: boolean;
  /** Address of the run of the workflow. */
  readonly run: string | undefined;
}

/** What is said of a sweep, to its pull request and in its summary. Texts of others are quoted: they may be a fork's. */
export function commentText({ collected, gate, comparison, isUnconfirmed, run }: Reported): string {
  const parts = [
    `${MARKER}\n## ${verdict(collected, gate, isUnconfirmed)}`,
    ...lostText(collected),
    ...(gate === undefined ? [] : [gateTable(gate)]),
    ...(comparison === undefined
      ? ['There is no earlier run to compare with.']
      : [
          comparisonText(comparison.json),
          ...changeChart(comparison.json),
          details('Comparison', withoutCalls(cut(comparison.markdown, MOST_OF_DETAILS))),
        ]),
    origin(collected, run),
  ];
  return `${cut(parts.join('\n\n'), MOST)}\n`;
}

function verdict(
  { hasRun, lost, failedCanaries, isComplete }: Collected,
  gate: Gate | undefined,
  isUnconfirmed: boolean,
): string {
  if (!hasRun) return 'Sweep: red. No job has left a result';
  if (lost.length > 0) return `Sweep: red. ${count(lost.length, 'job')} left no result`;
  if (failedCanaries.length > 0)
    return `Sweep: red. The canary of ${count(failedCanaries.length, 'config')} failed`;
  if (!isComplete) return 'Sweep: red. Points of its jobs have no result';
  if (gate === undefined) return 'Sweep: measured. No gate.yaml says what is good enough';
  if (gate.status !== 'failed' && isUnconfirmed)
    return 'Sweep: undecided. Something seems worse, and the second run that decides it left no result';
  if (gate.status === 'passed')
    return `Sweep: green. All ${count(gate.rules.length, 'rule')} of the gate are met`;
  if (gate.status === 'unsure')
    return 'Sweep: undecided. Of a rule of the gate it can’t be said whether it is met';
  const broken = gate.rules.filter(({ status }) => status === 'failed').map(({ rule }) => rule);
  return `Sweep: red. The gate is closed: ${quoted(broken.join(', '))}`;
}

function lostText({
  lost,
  failedCanaries,
  refused,
  later,
  isChained,
  expected,
}: Collected): readonly string[] {
  return [
    ...(lost.length === 0
      ? []
      : [
          `${lost.length} of ${expected} jobs left no result. What they were to measure is missing below:`,
          table(
            ['Job', 'Config', 'Runner', 'Part'],
            lost.map(({ id, name, runner, part }) => [id, name, runner, part]),
          ),
        ]),
    ...(failedCanaries.length === 0
      ? []
      : [
          'The lowest concurrency failed, so that the rest was not begun:',
          table(
            ['Config', 'Runner', 'Rows left out'],
            failedCanaries.map(({ name, runner, rows }) => [name, runner, String(rows)]),
          ),
        ]),
    ...refused.map((why) => `Not read: ${quoted(why)}`),
    ...(later.length === 0
      ? []
      : [
          `Of ${count(later.length, 'config')} points are ${isChained ? 'left for the next run' : 'left out'}: the runners would not begin them in time.`,
        ]),
  ];
}

function gateTable({ rules }: Gate): string {
  const words = { passed: 'met', failed: 'broken', unsure: 'can’t say' } as const;
  const rows = rules.flatMap(({ rule, reason, status, findings }) => [
    [rule, words[status], reason],
    ...findings
      .slice(0, MOST_FINDINGS)
      .map(({ point, message, waivedBy }) => [
        '',
        waivedBy === undefined ? '' : `waived by ${waivedBy.author} until ${waivedBy.expires}`,
        point === undefined ? message : `${point}: ${message}`,
      ]),
    ...(findings.length > MOST_FINDINGS ? [['', '', `and ${findings.length - MOST_FINDINGS} more`]] : []),
  ]);
  return table(['Rule', 'Verdict', 'Why'], rows);
}

const MOST_FINDINGS = 20;

function comparisonText({ a, verdict: found, reason, confirmedBy }: Comparison): string {
  const words = {
    better: 'Better than',
    worse: 'Worse than',
    same: 'The same as',
    unsure: 'Nothing can be said against',
  } as const;
  const again = confirmedBy === undefined ? '' : `, confirmed by ${confirmedBy}`;
  return quoted(`${words[found]} ${a}${again}: ${reason}`);
}

function details(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

function origin({ name, head, base, reused, part, isFork }: Collected, run: string | undefined): string {
  return [
    `Run \`${name}\` of commit \`${head.slice(0, 12)}\`${base === undefined ? '' : ` since \`${base.slice(0, 12)}\``}`,
    ...(isFork ? ['measured by the code of a fork'] : []),
    ...(part > 1 ? [`part ${part} of a chain`] : []),
    ...(reused === undefined
      ? []
      : [
          `measured for the pull request by [run ${reused.run}](${reused.url}) (plan \`${reused.digest.slice(0, 12)}\`)`,
        ]),
    ...(run === undefined ? [] : [`[jobs, artifacts and dashboard](${run})`]),
    'Unofficial: not a result of InferenceX™',
  ].join(' · ');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
