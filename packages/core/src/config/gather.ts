import { SweeplineError, describeWhere } from '../errors.js';
import { DIALECT_FIELD, readMaster, type LocatedEntry, type MasterConfig } from './master.js';
import type { Document } from './yaml/parse.js';

/** The entries of several master configs, and the problems in or between them. */
export interface Gathered {
  readonly documents: readonly Document[];
  readonly entries: readonly LocatedEntry[];
  readonly problems: readonly SweeplineError[];
}

export function gather(documents: readonly Document[]): Gathered {
  const configs = documents.map(readMaster);
  const entries = configs.flatMap((config) => config.entries);
  return {
    documents,
    entries,
    problems: [
      ...configs.flatMap((config) => config.problems),
      ...mixedDialects(documents, configs),
      ...repeatedKeys(entries),
    ],
  };
}

function mixedDialects(documents: readonly Document[], configs: readonly MasterConfig[]): SweeplineError[] {
  const first = configs.findIndex(({ dialect }) => dialect !== undefined);
  const expected = configs[first]?.dialect;
  if (expected === undefined) return [];
  return configs.flatMap(({ dialect }, index) => {
    if (dialect === undefined || dialect === expected) return [];
    const message =
      `the file is written with ${DIALECT_FIELD[dialect]} (dialect ${dialect}), but ${documents[first]?.file ?? ''} ` +
      `has ${DIALECT_FIELD[expected]} (dialect ${expected}); all files of one call must have the same dialect`;
    return [new SweeplineError('CONFIG_INVALID', message, { where: documents[index]!.at([]) })];
  });
}

function repeatedKeys(entries: readonly LocatedEntry[]): SweeplineError[] {
  const seen = new Map<string, LocatedEntry>();
  return entries.flatMap((located) => {
    const other = seen.get(located.key);
    if (other === undefined) {
      seen.set(located.key, located);
      return [];
    }
    const place = describeWhere({ ...other.at([other.key]), key: undefined });
    const message = `the key "${located.key}" is taken already, at ${place}`;
    return [new SweeplineError('CONFIG_INVALID', message, { where: located.at([located.key]) })];
  });
}
