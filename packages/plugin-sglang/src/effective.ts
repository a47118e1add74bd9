/** Names of SGLang's settings whose flags are called otherwise. Source: ServerArgs in python/sglang/srt/server_args.py. */
const FLAG_OF: Readonly<Record<string, string>> = {
  tp_size: 'tensor-parallel-size',
  pp_size: 'pipeline-parallel-size',
  dp_size: 'data-parallel-size',
  fp8_gemm_runner_backend: 'fp8-gemm-backend',
  fp4_gemm_runner_backend: 'fp4-gemm-backend',
};

/** Settings that a report has no business to show. */
const SECRET = /(key|password|token)$/;

/**
 * What SGLang says it runs with: `server_args=ServerArgs(tp_size=8, …)` in its log, under the names of the flags. Settings
 * that are None are left out.
 */
export function effective(log: string): Readonly<Record<string, string>> {
  const start = /server_args=ServerArgs\(/.exec(log);
  if (start === null) return {};
  const text = log.slice(start.index + start[0].length);
  const settings = splitArguments(text).flatMap((argument) => {
    const [, name = '', value = ''] = /^\s*(\w+)=(.*)$/s.exec(argument) ?? [];
    if (name === '' || value === 'None' || SECRET.test(name)) return [];
    return [[FLAG_OF[name] ?? name.replaceAll('_', '-'), plain(value)] as const];
  });
  return Object.fromEntries(settings);
}

/** Python's notation in the words of configs: strings without quotes, `true`, numbers and lists as they are. */
function plain(value: string): string {
  if (value === 'True' || value === 'False') return value.toLowerCase();
  const quoted = /^(['"])(.*)\1$/s.exec(value);
  return quoted === null ? value : (quoted[2] ?? '').replaceAll(/\\(.)/g, '$1');
}

/** Arguments of a call, up to its closing bracket: commas in strings and brackets don't end one. */
function splitArguments(text: string): readonly string[] {
  const found: string[] = [];
  let from = 0;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[[\](){},]/gs)) {
    if ('[({'.includes(token)) depth += 1;
    const ends = token === ')' && depth === 0;
    if ('])}'.includes(token)) depth -= 1;
    if (ends || (token === ',' && depth === 0)) {
      found.push(text.slice(from, index));
      from = index + 1;
    }
    if (ends) break;
  }
  return found;
}
