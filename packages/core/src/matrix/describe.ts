import { FIELD } from '../config/fields.js';
import type { SearchSpace } from '../config/model.js';

/** What an expansion was asked for, for the words of explanations. */
export type Asked = Readonly<Record<string, unknown>>;

/** Options as they are spelled, those that are given: `--min-conc 5 --max-conc 20`. */
export function spell(asked: Asked, ...names: readonly string[]): string {
  return names
    .filter((name) => asked[name] !== undefined)
    .map((name) => `${flagOf(name)} ${[asked[name]].flat().join(' ')}`)
    .join(' ');
}

/** The option that a name of the code stands for: `maxConc` is `--max-conc`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `conc-start 4, conc-end 64 with --min-conc 6: 6, 12, 24, 48, 64 on h200`, and what was clamped. */
export function describePoint(
  written: SearchSpace,
  space: SearchSpace,
  concurrencies: readonly number[],
  { runners, asked }: { readonly runners: readonly string[]; readonly asked: Asked },
): string {
  const isRange = (written[FIELD.concList]?.length ?? 0) === 0;
  const by = spell(asked, ...(isRange ? ['stepSize'] : []), 'minConc', 'maxConc', 'conc');
  const bounded = `${concurrenciesOf(written)}${by === '' ? '' : ` with ${by}`}`;
  if (concurrencies.length === 0) return `${bounded}: nothing is left`;
  return `${bounded}: ${concurrencies.join(', ')} on ${runners.join(', ')}${clamp(written, space, asked)}`;
}

function concurrenciesOf(space: SearchSpace): string {
  const list = space[FIELD.concList];
  return list === undefined || list.length === 0
    ? `${FIELD.concStart} ${space[FIELD.concStart]}, ${FIELD.concEnd} ${space[FIELD.concEnd]}`
    : `${FIELD.concList} ${list.join(', ')}`;
}

function clamp(written: SearchSpace, space: SearchSpace, asked: Asked): string {
  if (!(FIELD.tp in written && FIELD.tp in space) || written[FIELD.ep] === space[FIELD.ep]) return '';
  return `; ${FIELD.ep} ${written[FIELD.ep]} is clamped to ${space[FIELD.ep]} by ${spell(asked, 'maxEp')}`;
}
