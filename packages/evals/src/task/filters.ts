import { pythonRegex } from './python-regex.js';
import { strip } from './python-text.js';

export interface RegexFilter {
  readonly regex_pattern: string;
  /** Which match: the first (0) or the last (-1). */
  readonly group_select: 0 | -1;
  readonly fallback: string;
}

/** What a filter makes of an answer. */
export type Filter = (answer: string) => string;

/** Called with a pattern before it is applied: one that backtracks may never end. */
export type PatternWatch = (pattern: string) => void;

/**
 * lm-eval's `regex` filter: of the chosen match the first group that isn't empty, or all of it without groups, stripped. Source:
 * lm_eval/filters/extraction.py of lm-evaluation-harness at b315ef3.
 * @throws {UnsupportedPattern}
 */
export function regexFilter(
  { regex_pattern, group_select, fallback }: RegexFilter,
  watch: PatternWatch = () => {},
): Filter {
  const regex = pythonRegex(regex_pattern);
  return (answer) => {
    watch(regex_pattern);
    const match = [...answer.matchAll(regex)].at(group_select);
    if (match === undefined) return fallback;
    const [whole, ...groups] = match;
    if (groups.length === 0) return strip(whole);
    if (groups.length === 1) return strip(groups[0] ?? '');
    return strip(groups.find((group) => Boolean(group)) ?? fallback);
  };
}
