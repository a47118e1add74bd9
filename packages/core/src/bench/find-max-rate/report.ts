import { textTable } from '../../text-table.js';
import { DOUBT } from './decide.js';
import { intervalOf, pool, type Evidence } from './evidence.js';
import { describe, short, type Found, type JudgedProbe, type Quantity } from './find.js';
import { objectiveText } from './objectives.js';

const HEADS: Readonly<Record<Quantity, string>> = { rate: 'req/s', concurrency: 'in flight' };

/** A search for people: its probes by their values, and what came of it, in lines of so many characters. */
export function foundText(found: Found, width: number): string {
  const { heads, rows } = foundTable(found);
  return [
    ...objectiveLines(found).map((line) => `${line}\n`),
    '\n',
    textTable([heads, ...rows], 'right', width),
    ...reasonsOf(found).map((line) => `${line}\n`),
    '\n',
    `${conclusion(found)}\n`,
  ].join('');
}

/** With numbers, where there are several. */
export function objectiveLines({ objectives }: Found): readonly string[] {
  const many = objectives.length > 1;
  return objectives.map((one, i) => `${many ? `${i + 1}: ` : ''}${objectiveText(one)}`);
}

/** What makes probes say nothing, or fail at once. */
export function reasonsOf({ probes }: Found): readonly string[] {
  return probes.flatMap(({ name, invalid, seen: { backlog } }) => [
    ...(invalid === undefined ? [] : [`${name} says nothing: ${invalid}`]),
    ...(backlog.grows
      ? [`${name}: more and more requests were in flight, as they came faster than they were answered`]
      : []),
  ]);
}

interface FoundTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The probes by their values. */
export function foundTable({ probes, quantity, objectives }: Found): FoundTable {
  const many = objectives.length > 1;
  const heads = objectives.flatMap((_, i) => [`kept${many ? ` ${i + 1}` : ''}`, 'between', 'of limit']);
  return {
    heads: [HEADS[quantity], 'requests', ...heads, 'seconds', 'verdict'],
    rows: byValue(probes).map(rowOf),
  };
}

export function byValue(probes: readonly JudgedProbe[]): readonly JudgedProbe[] {
  return probes.toSorted((a, b) => a.value - b.value);
}

function rowOf({ value, seen: { evidence }, ...probe }: JudgedProbe): readonly string[] {
  return [
    short(value),
    String(Math.max(0, ...evidence.map(({ requests }) => requests))),
    ...evidence.flatMap(evidenceCells),
    probe.seconds.toFixed(0),
    verdictText(probe),
  ];
}

function evidenceCells(one: Evidence): readonly string[] {
  if (one.requests === 0) return ['-', '-', '-'];
  const { low, high } = intervalOf(pool([one]), DOUBT);
  return [
    percent(one.kept),
    `${(100 * low).toFixed(1)}-${percent(high)}`,
    one.ofLimit === undefined ? '-' : one.ofLimit.toFixed(2),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `holds`, `seems to hold`, `open`. */
export function verdictText(
  probe: Pick<JudgedProbe, 'verdict' | 'leans' | 'invalid' | 'isThorough'>,
): string {
  const { verdict, leans, invalid, isThorough } = probe;
  if (invalid !== undefined) return 'invalid';
  if (verdict !== 'open' || isThorough) return verdict;
  return `seems to ${leans === 'holds' ? 'hold' : 'fail'}`;
}

/** One sentence, or two. */
export function conclusion({ bracket: { holds, fails }, how, quantity, error, probes }: Found): string {
  const at = (value: number): string => describe(value, quantity);
  const why = WHY[how] === undefined ? '' : `: ${WHY[how]}`;
  const doubt = `each verdict is wrong with a chance of ${100 * error} % at most`;
  if (holds !== undefined && fails !== undefined) {
    const width = `${(100 * (fails / holds - 1)).toFixed(0)} %`;
    const rest = how === 'bracket' ? '' : `; the bracket of ${width} is wider than asked for${why}`;
    return `The objectives hold at ${at(holds)} and fail at ${at(fails)}: the highest ${quantity} is between them (${doubt})${rest}.`;
  }
  if (how === 'none')
    return `The objectives fail even at ${at(fails ?? 0)}, where requests hardly meet: no ${quantity} keeps them.`;
  if (holds !== undefined)
    return `The objectives hold at ${at(holds)}; no higher ${quantity} was seen to fail (${doubt})${why}.`;
  if (fails !== undefined)
    return `The objectives fail at ${at(fails)}; no lower ${quantity} was seen to hold (${doubt})${why}.`;
  return `Undecided: none of ${probes.length} probes could be decided${why || ' within its limits'}.`;
}

/** Why there is no bracket as narrow as asked for. */
const WHY: Readonly<Partial<Record<Found['how'], string>>> = {
  wide: 'other values can not be decided within the limits of a probe (--num-prompts, --probe-limit)',
  limit: 'the time of the search was over (--search-limit)',
  invalid: 'loads were invalid, one after the other',
};
