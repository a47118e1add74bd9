import type { Concurrencies, SearchSpace } from '../model.js';
import type { Check, Remark } from './check.js';
import { scenariosOf, type ScenarioSpaces } from './scenarios.js';

/** Factor between the concurrencies of a range, unless a command is given another one. */
const USUAL_STEP = 2;

const CONCURRENCIES: ReadonlySet<string> = new Set(['conc-start', 'conc-end', 'conc-list']);

/** A point in two search spaces of a scenario runs twice. */
export const repeatedPoint: Check = {
  name: 'repeated-point',
  run({ entry }) {
    return scenariosOf(entry).flatMap(repeatsIn);
  },
};

function repeatsIn(spaces: ScenarioSpaces): readonly Remark[] {
  const seen = new Map<string, number>();
  return spaces.flatMap(({ space, path }, index) => {
    const topology = topologyOf(space);
    const points = [...new Set(concurrenciesOf(space))];
    const repeated = points.filter((conc) => seen.has(`${topology} ${conc}`));
    const other = repeated.length === 0 ? index : (seen.get(`${topology} ${repeated[0]!}`) ?? index);
    for (const conc of points) if (!repeated.includes(conc)) seen.set(`${topology} ${conc}`, index);
    if (repeated.length === 0) return [];
    const message = `concurrency ${repeated.join(', ')} is in search-space[${other}] already, with the same settings`;
    return [{ path, message }];
  });
}

/** What identifies points apart from concurrency; an omitted field equals its default. */
function topologyOf(space: SearchSpace): string {
  const defaults = 'tp' in space ? { ep: 1, 'dp-attn': false } : {};
  const settings = Object.entries({ 'spec-decoding': 'none', ...defaults, ...space });
  return JSON.stringify(
    settings.filter(([name]) => !CONCURRENCIES.has(name)).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function concurrenciesOf(space: Concurrencies): readonly number[] {
  const { 'conc-start': start, 'conc-end': end, 'conc-list': list } = space;
  if (list?.length || start === undefined || end === undefined) return list ?? [];
  const values: number[] = [];
  for (let conc = start; conc < end; conc *= USUAL_STEP) values.push(conc);
  return [...values, end];
}
