import { textTable } from '../../text-table.js';
import { DOUBT } from './decide.js';
import { intervalOf, pool } from './evidence.js';
import { describe, short, type Found, type JudgedProbe, type Quantity } from './find.js';
import { objectiveText } from './objectives.js';

const HEADS: Readonly<Record<Quantity, string>> = { rate: 'req/s', concurrency: 'in flight' };

/** A search for people: its probes by their values, and what came of it, in lines of so many characters. */
export function foundText(found: Found, width: number): string {
  const { probes, quantity, objectives } = found;
  const many = objectives.length > 1;
  const heads = objectives.flatMap((_, i) => [`kept${many ? ` ${i + 1}` : ''}`, 'between', 'of limit']);
  const rows = probes.toSorted((a, b) => a.value - b.value).map((probe) => rowOf(probe));
  const table = textTable(
    [[HEADS[quantity], 'requests', ...heads, 'seconds', 'verdict'], ...rows],
    'right',
    width,
  );
  const reasons = probes.flatMap(({ name, invalid, seen: { backlog } }) => [
    ...(invalid === undefined ? [] : [`${name} says nothing: ${invalid}\n`]),
    ...(backlog.grows
      ? [`${name}: more and more requests were in flight, as they came faster than they were answered\n`]
      : []),
  ]);
  const goals = objectives.map((one, i) => `${many ? `${i + 1}: ` : ''}${objectiveText(one)}\n`);
  return [...goals, '\n', table, ...reasons, '\n', `${conclusion(found)}\n`].join('');
}

function rowOf({
  value,
  seen: { evidence },
  verdict,
  leans,
  invalid,
  isThorough,
  seconds,
}: JudgedProbe): readonly string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const open = isThorough ? 'open' : `seems to ${leans === 'holds' ? 'hold' : 'fail'}`;
  return [
    short(value),
    String(Math.max(0, ...evidence.map(({ requests }) => requests))),
    ...evidence.flatMap((one) => {
      const { low, high } = intervalOf(pool([one]), DOUBT);
      return [
        percent(one.kept),
        `${(100 * low).toFixed(1)}-${percent(high)}`,
        one.ofLimit === undefined ? '-' : one.ofLimit.toFixed(2),
      ];
    }),
    seconds.toFixed(0),
    invalid !== undefined ? 'invalid' : verdict === 'open' ? open : verdict,
  ];
}

/** One sentence, or two. */
export function conclusion({ bracket: { holds, fails }, how, quantity, error, probes }: Found): string {
  const at = (value: number): string => describe(value, quantity);
  const doubt = `each verdict is wrong with a chance of ${100 * error} % at most`;
  if (holds !== undefined && fails !== undefined) {
    const width = `${(100 * (fails / holds - 1)).toFixed(0)} %`;
    const rest =
      how === 'bracket' ? '' : `; the bracket of ${width} is wider than asked for: ${WHY_WIDE[how] ?? ''}`;
    return `The objectives hold at ${at(holds)} and fail at ${at(fails)}: the highest ${quantity} is between them (${doubt})${rest}.`;
  }
  if (how === 'none')
    return `The objectives fail even at ${at(fails ?? 0)}, where requests hardly meet: no ${quantity} keeps them.`;
  if (holds !== undefined)
    return `The objectives hold at ${at(holds)}; no higher ${quantity} was seen to fail (${doubt}).`;
  if (fails !== undefined)
    return `The objectives fail at ${at(fails)}; no lower ${quantity} was seen to hold (${doubt}).`;
  return `Undecided: none of ${probes.length} probes could be decided within its limits.`;
}

const WHY_WIDE: Readonly<Partial<Record<Found['how'], string>>> = {
  wide: 'what lies between can not be told within the limits of a probe (--num-prompts, --probe-limit)',
  limit: 'the time of the search was over (--search-limit)',
  invalid: 'loads were invalid, one after the other',
};
