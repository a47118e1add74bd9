import type { PatternWatch } from './filters.js';
import { pythonRegex } from './python-regex.js';

export interface ExactMatch {
  readonly ignore_case: boolean;
  readonly ignore_punctuation: boolean;
  readonly ignore_numbers: boolean;
  readonly regexes_to_ignore: readonly string[];
}

/** Python's `string.punctuation`. */
const PUNCTUATION = /[!-/:-@[-`{-~]/gu;

/**
 * lm-eval's `exact_match` of an answer and a target: 1 or 0. Source: lm_eval/api/metrics.py of lm-evaluation-harness at b315ef3.
 * @throws {UnsupportedPattern}
 */
export function exactMatch(
  options: ExactMatch,
  watch: PatternWatch = () => {},
): (answer: string, target: string) => 0 | 1 {
  const ignored = options.regexes_to_ignore.map((pattern) => ({ pattern, regex: pythonRegex(pattern) }));
  const cleaned = (text: string): string => {
    let left = withoutNulls(
      ignored.reduce((now, { pattern, regex }) => {
        watch(pattern);
        return now.replace(regex, '');
      }, text),
    );
    if (options.ignore_case) left = lower(left);
    if (options.ignore_punctuation) left = left.replace(PUNCTUATION, '');
    if (options.ignore_numbers) left = left.replace(/[0-9]/gu, '');
    return withoutNulls(left);
  };
  return (answer, target) => (cleaned(answer) === cleaned(target) ? 1 : 0);
}

/** An array of NumPy, in which lm-eval keeps texts, loses NUL characters at their ends, */
function withoutNulls(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

/** and has no room for texts that become longer. */
function lower(text: string): string {
  const low = text.toLowerCase();
  return low.length === text.length ? low : Array.from(low).slice(0, Array.from(text).length).join('');
}
