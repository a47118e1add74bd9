import type { Text } from './launch-plan.js';

/**
 * Options of a command line by name without dashes, `_` as `-`: `--name value`, `--name=value`, and `true` for a flag alone.
 * Of one that is given twice the last counts. Values that are known only at the launch are left out. `short`: names of one
 * dash, and the long ones they stand for.
 */
export function optionsIn(
  argv: readonly Text[],
  short: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  for (const [index, text] of argv.entries()) {
    const [name, joined] = optionName(text, short);
    if (name === undefined) continue;
    const next = argv[index + 1];
    const value = joined ?? (next === undefined || isOption(next) ? 'true' : next);
    if (typeof value === 'string') options[name] = value;
  }
  return options;
}

/** The name that a text gives an option, and the value behind its equals sign. */
function optionName(
  text: Text,
  short: Readonly<Record<string, string>>,
): readonly [string | undefined, string | undefined] {
  if (typeof text !== 'string') return [undefined, undefined];
  const [, long, value] = /^--([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (long !== undefined) return [(short[long] ?? long).replaceAll('_', '-'), value];
  const name = /^-([A-Za-z][\w-]*)$/.exec(text)?.[1];
  return [name === undefined ? undefined : short[name], undefined];
}

/** A negative number is a value. */
function isOption(text: Text): boolean {
  return typeof text === 'string' && /^--?[A-Za-z]/.test(text);
}
