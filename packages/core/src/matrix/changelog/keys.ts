import { nearestField } from '../../config/issues.js';
import { SweeplineError, type Where } from '../../errors.js';
import type { ChangelogEntry, Written } from './entries.js';
import { together } from './problems.js';

/** An entry with the keys of the config entries that it names, without duplicates, wildcards resolved. */
export interface ResolvedEntry {
  readonly written: Written;
  readonly keys: readonly string[];
  readonly at: (path: readonly PropertyKey[]) => Where;
}

/**
 * Finds the config entries that changelog entries name: a key, or a pattern in which `*` matches anything.
 * @throws {SweeplineError} CHANGELOG_INVALID, with all keys that don't exist.
 */
export function resolveKeys(
  entries: readonly ChangelogEntry[],
  known: readonly string[],
): readonly ResolvedEntry[] {
  const problems: SweeplineError[] = [];
  const resolved = entries.map(({ written, at }) => {
    const keys = new Set<string>();
    written['config-keys'].forEach((pattern, index) => {
      const matches = known.filter(keyMatcher(pattern));
      if (matches.length === 0) problems.push(unknownKey(pattern, known, at(['config-keys', index])));
      for (const key of matches) keys.add(key);
    });
    return { written, at, keys: [...keys] };
  });
  if (problems.length > 0) throw together(problems);
  return resolved;
}

/** Whether a key is one that a changelog names: by itself, or by a pattern in which `*` matches anything. */
export function keyMatcher(pattern: string): (key: string) => boolean {
  if (!pattern.includes('*')) return (key) => key === pattern;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return (key) => expression.test(key);
}

function unknownKey(pattern: string, known: readonly string[], where: Where): SweeplineError {
  if (pattern.includes('*')) {
    return new SweeplineError('CHANGELOG_INVALID', `no config key matches "${pattern}"`, {
      where,
      hint: '`*` matches anything, but the pattern must match a whole key. `sweepline matrix --explain` shows the keys.',
    });
  }
  const near = nearestField(pattern, known);
  return new SweeplineError('CHANGELOG_INVALID', `no config entry has the key "${pattern}"`, {
    where,
    hint: near === undefined ? 'Name an entry of the master configs.' : `Did you mean "${near}"?`,
  });
}
