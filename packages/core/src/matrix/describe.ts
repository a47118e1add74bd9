import type { SearchSpace } from '../config/model.js';
import { loadsOf, loadText, type ScenarioLoad } from '../load/scenario/load.js';

/** The options of an expansion, for the texts of explanations. */
export type Asked = Readonly<Record<string, unknown>>;

/** The given options as they are spelled: `--min-conc 5 --max-conc 20`. */
export function spell(asked: Asked, ...names: readonly string[]): string {
  return names
    .filter((name) => asked[name] !== undefined)
    .map((name) => `${flagOf(name)} ${[asked[name]].flat().join(' ')}`)
    .join(' ');
}

/** The option for a name in the code: `maxConc` is `--max-conc`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `conc-start 4, conc-end 64 with --min-conc 6: 6, 12, 24, 48, 64 on h200`, and what was clamped. */
export function describePoint(
  written: SearchSpace,
  space: SearchSpace,
  concurrencies: readonly number[],
  { runners, asked }: { readonly runners: readonly string[]; readonly asked: Asked },
  load?: ScenarioLoad,
): string {
  const isRange = (written['conc-list']?.length ?? 0) === 0;
  const by = spell(asked, ...(isRange ? ['stepSize'] : []), 'minConc', 'maxConc', 'conc');
  const bounded = `${concurrenciesOf(written)}${by === '' ? '' : ` with ${by}`}`;
  if (concurrencies.length === 0) return `${bounded}: nothing is left`;
  const on = `on ${runners.join(', ')}${clamp(written, space, asked)}`;
  return `${bounded}: ${concurrencies.join(', ')} ${on}${loadsText(load)}`;
}

/** `, each with sharegpt S.json, poisson at 1, 2/s` */
function loadsText(load: ScenarioLoad | undefined): string {
  const loads = loadsOf(load).filter((one) => one !== undefined);
  const [first] = loads;
  if (first === undefined) return '';
  const rates = loads.flatMap(({ arrival }) => arrival?.rate ?? []);
  return `, each with ${loadText(first)}${rates.length === 0 ? '' : ` at ${rates.join(', ')}/s`}`;
}

function concurrenciesOf(space: SearchSpace): string {
  const list = space['conc-list'];
  return list === undefined || list.length === 0
    ? `conc-start ${space['conc-start']}, conc-end ${space['conc-end']}`
    : `conc-list ${list.join(', ')}`;
}

function clamp(written: SearchSpace, space: SearchSpace, asked: Asked): string {
  if (!('tp' in written && 'tp' in space) || written.ep === space.ep) return '';
  return `; ep ${written.ep} is clamped to ${space.ep} by ${spell(asked, 'maxEp')}`;
}
