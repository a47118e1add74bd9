/** Settings that a report has no business to show. */
const SECRET = /(key|password|token)$/;

/**
 * What vLLM says it runs with: `non-default args: {'max_model_len': 2068, …}` and `vLLM API server version 0.13.0` in its log,
 * under the names of the flags. Settings that are None are left out.
 */
export function effective(log: string): Readonly<Record<string, string>> {
  const version = /vLLM API server version (\d\S*)/.exec(log)?.[1];
  const start = /non-default args: \{/.exec(log);
  return {
    ...(version === undefined ? {} : { 'engine-version': version }),
    ...(start === null ? {} : settingsOf(log.slice(start.index + start[0].length))),
  };
}

/** `'name': value` pairs up to the bracket that closes them. */
function settingsOf(text: string): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const pair of pairsOf(text)) {
    const [, name = '', value = ''] = /^\s*'(\w+)': (.*)$/s.exec(pair) ?? [];
    if (name === '' || value === 'None' || SECRET.test(name)) continue;
    settings[name.replaceAll('_', '-')] = plain(value);
  }
  return settings;
}

/** Commas in strings and brackets don't end a pair. */
function pairsOf(text: string): readonly string[] {
  const found: string[] = [];
  let from = 0;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[[\](){},]/gs)) {
    if ('[({'.includes(token)) depth += 1;
    const ends = token === '}' && depth === 0;
    if ('])}'.includes(token)) depth -= 1;
    if (ends || (token === ',' && depth === 0)) {
      found.push(text.slice(from, index));
      from = index + 1;
    }
    if (ends) break;
  }
  return found;
}

/** Python's notation in the words of configs: strings without quotes, `true`, numbers and lists as they are. */
function plain(value: string): string {
  if (value === 'True' || value === 'False') return value.toLowerCase();
  const quoted = /^(['"])(.*)\1$/s.exec(value);
  return quoted === null ? value : (quoted[2] ?? '').replaceAll(/\\(.)/g, '$1');
}
