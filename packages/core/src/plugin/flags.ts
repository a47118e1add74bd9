import { parse, stringify } from 'yaml';
import type { Text } from './launch-plan.js';
import type { Flags } from './recipes.js';

/** Flags as arguments: `--name value`, one-letter names and `tp`-like ones of `short` behind a single dash. */
export function flagArguments(
  flags: Flags,
  { short = [] }: { readonly short?: readonly string[] } = {},
): readonly Text[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    if (value === false) return [];
    const flag = `${short.includes(name) ? '-' : '--'}${name}`;
    if (value === true) return [flag];
    return [flag, typeof value === 'number' ? String(value) : value];
  });
}

/** A config file's text. */
export function yamlText(config: Readonly<Record<string, unknown>>): string {
  return stringify(config, { lineWidth: 0 });
}

/** A config file's text as data, such as `yamlText` writes; empty where it is none. */
export function yamlData(text: Text | undefined): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string') return {};
  const data: unknown = parse(text, { logLevel: 'error' });
  return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
}
