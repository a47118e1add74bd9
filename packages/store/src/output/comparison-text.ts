import { githubTable, markdownText, onOneLine, textTable } from '@sweepline/core';
import type { AnswerComparison } from '../compare/answers.js';
import type { Comparison, NoiseBasis, PointComparison } from '../compare/compare.js';
import type { CurveJudgement } from '../compare/compare-curves.js';
import type { PointJudgement } from '../compare/compare-points.js';
import type { Judgement } from '../compare/judge.js';
import type { ConfirmedPoint } from '../compare/second-run.js';
import type { SettingDifference } from '../compare/settings.js';
import { rounded, signedPercent } from './number-text.js';

/** How a comparison's parts are written. */
interface Writer {
  readonly title: (text: string) => string;
  readonly table: (headers: readonly string[], rows: readonly (readonly string[])[]) => string;
  readonly item: (text: string) => string;
}

const TEXT: Writer = {
  title: (text) => `${text}\n`,
  table: (headers, rows) => textTable([headers, ...rows]),
  item: (text) => `  ${onOneLine(text)}\n`,
};

const MARKDOWN: Writer = {
  title: (text) => `### ${markdownText(text)}\n\n`,
  table: (headers, rows) =>
    `${githubTable(
      headers,
      rows.map((row) => row.map(markdownText)),
    )}\n`,
  item: (text) => `- ${markdownText(text)}\n`,
};

/** For a terminal. @param isWhole whether points without a change are listed as well */
export function comparisonText(comparison: Comparison, isWhole: boolean): string {
  return write(comparison, isWhole, TEXT);
}

/** For a pull request. */
export function comparisonMarkdown(comparison: Comparison, isWhole: boolean): string {
  return write(comparison, isWhole, MARKDOWN);
}

function write(comparison: Comparison, isWhole: boolean, writer: Writer): string {
  const { a, b, confirmedBy, verdict, reason, points, unmatched } = comparison;
  const again = confirmedBy === undefined ? '' : `, confirmed by ${confirmedBy}`;
  return [
    writer.title(`${WORDS[verdict]}: ${b} against ${a}${again}: ${reason}`),
    section(writer, 'Noise', comparison.noise.map(noiseLine)),
    curveTable(comparison, writer),
    pointTable(comparison, isWhole, writer),
    section(writer, 'Answers', (comparison.answers ?? []).map(answerLine)),
    section(writer, 'Settings that changed', changeLines(points, 'changed')),
    section(writer, 'Measured in another place', changeLines(points, 'moved')),
    section(writer, 'Second run', secondRunLines(comparison)),
    section(writer, 'Marks', markLines(comparison)),
    section(
      writer,
      'Not compared',
      unmatched.map((one) => `${one.side}: ${one.name} (${one.run} ${one.point}): ${one.reason}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const WORDS = { better: 'Better', worse: 'Worse', same: 'The same', unsure: "Can't say" } as const;

function section(writer: Writer, title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : writer.title(title) + lines.map(writer.item).join('');
}

function answerLine({
  name,
  task,
  a,
  b,
  questions,
  becameWrong,
  becameRight,
  p,
  verdict,
}: AnswerComparison): string {
  const changed = `${becameWrong} have become wrong and ${becameRight} right (McNemar, p = ${p.toPrecision(2)})`;
  return `${WORDS[verdict].toLowerCase()}: ${task}, ${name}: ${a.right} and ${b.right} right of ${questions}; ${changed}`;
}

function noiseLine(basis: NoiseBasis): string {
  const { label, effect, repeats, cells, runs } = basis;
  const rests =
    repeats === 0
      ? 'fewer repeats than it takes to learn from'
      : `learnt from ${repeats} repeats of ${cells} kinds of hardware and framework, in ${runs} runs ${nodesText(basis)}`;
  return `${label}: ${rests}; a change of ${percent(effect)} matters`;
}

function nodesText({ nodes, nodeEffect }: NoiseBasis): string {
  if (nodes === 0) return '(nodes not on record)';
  if (nodes === 1) return 'on 1 node (nothing is known of others)';
  if (nodeEffect === undefined) return `on ${nodes} nodes`;
  const { sameNode, otherNode, share } = nodeEffect;
  return `on ${nodes} nodes (${sameNode} on the same node, ${otherNode} on another one: ${percent(share)} of the variance is between nodes)`;
}

const JUDGED = ['detectable', 'change', '95 % interval', 'verdict'] as const;

function curveTable({ curves, noise }: Comparison, writer: Writer): string {
  if (curves.length === 0) return '';
  return (
    writer.title('Curves: the median of their points') +
    writer.table(
      ['curve', 'metric', 'points', ...JUDGED],
      curves.map((curve) => [curve.curve, labelOf(curve, noise), pointsOf(curve), ...judgedCells(curve)]),
    )
  );
}

function pointsOf({ points, stalled }: CurveJudgement): string {
  return stalled === 0 ? `${points}` : `${points}, ${stalled} stalled`;
}

function pointTable({ points, noise }: Comparison, isWhole: boolean, writer: Writer): string {
  const rows = points.flatMap((point) =>
    point.metrics
      .filter(({ verdict }) => isWhole || verdict === 'better' || verdict === 'worse')
      .map((judged) => [
        point.name,
        labelOf(judged, noise),
        runsOf(judged),
        ...[rounded(judged.a), rounded(judged.b)],
        ...judgedCells(judged),
      ]),
  );
  if (isWhole) return rows.length === 0 ? '' : writer.title('Points') + writer.table(POINT_HEADERS, rows);
  const judged = points.flatMap(({ metrics }) => metrics);
  const unsure = countsOf(
    judged.flatMap(({ verdict, reason }) => (verdict === 'unsure' ? [reason ?? ''] : [])),
  );
  return [
    section(
      writer,
      `Points: ${judged.length} judgements`,
      [...unsure].map(([reason, count]) => `can't say of ${count}: ${reason}`),
    ),
    rows.length === 0
      ? ''
      : writer.title(`${rows.length} not the same; each by itself may be chance`) +
        writer.table(POINT_HEADERS, rows),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const POINT_HEADERS = ['point', 'metric', 'runs', 'a', 'b', ...JUDGED];

function countsOf(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** A median needs more than one run. */
function runsOf({ runs: [a, b] }: PointJudgement): string {
  return a === 1 && b === 1 ? 'one each' : `${a} and ${b}`;
}

function labelOf({ metric }: Judgement, noise: readonly NoiseBasis[]): string {
  return noise.find((one) => one.metric === metric)?.label ?? metric;
}

function judgedCells({ detectable, change, interval, verdict, reason }: Judgement): readonly string[] {
  return [
    detectable === undefined ? '–' : signedPercent(detectable),
    signedPercent(change),
    interval === undefined ? '–' : `${signedPercent(interval[0])} to ${signedPercent(interval[1])}`,
    (verdict === 'unsure' ? "can't say" : verdict) + (reason === undefined ? '' : `: ${reason}`),
  ];
}

/** The same changes of many points once, with how many. */
function changeLines(points: readonly PointComparison[], of: 'changed' | 'moved'): readonly string[] {
  const counts = countsOf(points.flatMap((point) => point[of].map(changeText)));
  return [...counts].map(([line, count]) => `${line} (${count} of ${points.length} points)`);
}

function changeText({ key, a, b }: SettingDifference): string {
  return `${key}: ${a ?? 'not there'} → ${b ?? 'not there'}`;
}

/** Where b was measured again, the same for many points once. */
function secondRunLines({ secondRun }: Comparison): readonly string[] {
  if (secondRun === undefined) return [];
  const places = countsOf(secondRun.points.map(placeText));
  return [
    ...[...places].map(([place, count]) => `${count} of ${secondRun.points.length} points: ${place}`),
    ...secondRun.failed.map(({ name, run, point, reason }) => `${name} (${run} ${point}): ${reason}`),
  ];
}

function placeText({ nodes, nodesOfB, isOnOtherNode }: ConfirmedPoint): string {
  if (isOnOtherNode === undefined) return 'it is not on record on which nodes they, or b, were measured';
  const places = `on ${nodes.join(', ')}`;
  return isOnOtherNode
    ? `${places}, another node than ${nodesOfB.join(', ')}, where b was measured`
    : `${places}, where b was measured: no other node`;
}

/** Measurements with a mark, by side, and how often it is that a server stalls. */
function markLines({ points, stalls }: Comparison): readonly string[] {
  const lines = (['a', 'b'] as const).flatMap((side) => {
    const marked = points.flatMap((point) => point[side].flatMap(({ marks }) => marks));
    return [...countsOf(marked)].map(([code, count]) => `${side}: ${code} in ${count} measurements`);
  });
  const rates = stalls.map(
    ({ cell, stalled, all }) => `${stalled} of ${all} measurements in ${cell} have stalled, in all runs`,
  );
  return [...lines, ...rates];
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
