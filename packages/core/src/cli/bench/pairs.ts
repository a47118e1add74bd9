import { InvalidArgumentError } from 'commander';
import { limitName } from '../client-settings.js';
import { clientLimitsSchema, type ClientLimits } from '../../load/spec/client-limits.js';
import type { LoadSpec } from '../../load/spec/spec.js';

type Slos = NonNullable<LoadSpec['slos']>;

const SLOS: Readonly<Record<string, keyof Slos>> = { ttft: 'ttftMs', tpot: 'tpotMs', e2el: 'e2elMs' };

/** `ttft:500`: one of several, in ms; they may also be separated by commas. */
export function slos(text: string, others: Slos = {}): Slos {
  return text.split(',').reduce((found, part) => {
    const [name = '', value = '', ...more] = part.split(':');
    const key = SLOS[name];
    const isLimit = Number(value) > 0 && Number(value) < Infinity;
    if (key === undefined || !isLimit || more.length > 0) {
      throw new InvalidArgumentError('expected ttft, tpot or e2el with ms above 0, such as ttft:500');
    }
    return { ...found, [key]: Number(value) };
  }, others);
}

/** `key=value`: one of several. */
export function metadata(
  text: string,
  others: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [key, value] = pair(text);
  return { ...others, [key]: value };
}

/** `cpu-share=0.9`: one of several, with the names of workspaces or of load specs. */
export function clientLimits(text: string, others: Partial<ClientLimits> = {}): Partial<ClientLimits> {
  const [name, value] = pair(text);
  const key = limitName(name);
  const limit = clientLimitsSchema.partial().safeParse({ [key]: Number(value) });
  if (limit.success) return { ...others, ...limit.data };
  const names = Object.keys(clientLimitsSchema.shape);
  throw new InvalidArgumentError(
    names.includes(key)
      ? (limit.error.issues[0]?.message ?? 'expected a number')
      : `expected some of ${names.join(', ')}`,
  );
}

/** A JSON object. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // The error follows below.
  }
  throw new InvalidArgumentError('expected a JSON object');
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected KEY=VALUE');
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
