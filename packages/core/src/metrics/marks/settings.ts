import type { EffectiveSetting, IntendedSetting } from '../../plugin/settings.js';
import { invalid, note, type Mark } from './mark.js';

/** A setting that an engine runs with and that differs from its plan. */
export interface Difference {
  readonly intended: IntendedSetting;
  readonly effective: EffectiveSetting;
}

/** Compares every setting that both sides have; one difference per place with another value. */
export function differencesOf(
  intended: readonly IntendedSetting[],
  effective: readonly EffectiveSetting[],
): readonly Difference[] {
  return intended.flatMap((wanted) =>
    effective
      .filter((said) => isSameSetting(wanted, said) && !isSameValue(wanted.value, said.value))
      .map((said) => ({ intended: wanted, effective: said })),
  );
}

function isSameSetting(wanted: IntendedSetting, said: EffectiveSetting): boolean {
  const isSameRole = wanted.role === undefined || said.role === undefined || wanted.role === said.role;
  return wanted.name === said.name && isSameRole;
}

/** Compares numbers by value, and words without case and quotes. */
export function isSameValue(one: string, other: string): boolean {
  const [a, b] = [plain(one), plain(other)];
  return a === b || (a !== '' && b !== '' && Number(a) === Number(b));
}

function plain(value: string): string {
  return value
    .trim()
    .replace(/^(['"])(.*)\1$/s, '$2')
    .toLowerCase();
}

/** One mark for differences that change what is measured, and one for the others. */
export function settingsMarks(differences: readonly Difference[]): readonly Mark[] {
  const harmless = differences.filter(({ intended: { severity } }) => severity === 'note');
  const harmful = differences.filter(({ intended: { severity } }) => severity !== 'note');
  return [
    ...(harmful.length === 0 ? [] : [invalid('settings-differ', messageOf(harmful))]),
    ...(harmless.length === 0 ? [] : [note('settings-differ', messageOf(harmless))]),
  ];
}

function messageOf(differences: readonly Difference[]): string {
  const each = differences.map(({ intended: { name, value, role }, effective }) => {
    const of = role === undefined ? '' : ` of ${role}`;
    return `${name}${of}: ${value} was intended, but the engine runs with ${effective.value} (${effective.from})`;
  });
  return [...new Set(each)].join('; ');
}
