/** Settings that a report has no business to show. */
const SECRET = /(key|password|token)$/;

/**
 * Settings in Python's notation, as engines write them to their logs, up to the bracket that closes what was opened before:
 * `tp_size=8, host='::')` with `=`, `'max_model_len': 2068}` with `: `. Values are in the words of configs; None and
 * secrets are left out.
 */
export function pythonSettings(text: string, assigns: '=' | ': '): Readonly<Record<string, string>> {
  const pattern = assigns === '=' ? /^\s*(\w+)=(.*)$/s : /^\s*'(\w+)': (.*)$/s;
  const settings: Record<string, string> = {};
  for (const setting of split(text)) {
    const [, name = '', value = ''] = pattern.exec(setting) ?? [];
    if (name === '' || value === 'None' || SECRET.test(name)) continue;
    settings[name] = plain(value);
  }
  return settings;
}

/** Commas in strings and brackets don't end a setting. */
function split(text: string): readonly string[] {
  const found: string[] = [];
  let from = 0;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[[\](){},]/gs)) {
    const closes = '])}'.includes(token);
    const ends = closes && depth === 0;
    if ('[({'.includes(token)) depth += 1;
    if (closes) depth -= 1;
    if (ends || (token === ',' && depth === 0)) {
      found.push(text.slice(from, index));
      from = index + 1;
    }
    if (ends) break;
  }
  return found;
}

/** Strings without quotes, `true`, numbers and lists as they are. */
function plain(value: string): string {
  if (value === 'True' || value === 'False') return value.toLowerCase();
  const quoted = /^(['"])(.*)\1$/s.exec(value);
  return quoted === null ? value : (quoted[2] ?? '').replaceAll(/\\(.)/g, '$1');
}
