/** What llama-server's log says, under the names of the flags; several lines may match, the last one is the model's. */
const LLAMA_SERVER_LINES: Readonly<Record<string, RegExp>> = {
  'engine-version': /^(?:.*\s)?build: (\d+ \([0-9a-f]+\))/gm,
  threads: /system_info: n_threads = (\d+)/g,
  parallel: /llama_context: n_seq_max\s*= (\d+)/g,
  'ctx-size': /llama_context: n_ctx\s*= (\d+)/g,
  'batch-size': /llama_context: n_batch\s*= (\d+)/g,
};

/** The settings that the server's log says it runs with; empty if it says nothing. */
export function effective(log: string): Readonly<Record<string, string>> {
  const line = /^settings (.*)$/m.exec(log)?.[1];
  return line === undefined ? fromLlamaServer(log) : fromSettingsLine(line);
}

/** `key=value` pairs, a value with a space being a JSON string. */
function fromSettingsLine(line: string): Readonly<Record<string, string>> {
  const pairs = [...line.matchAll(/([a-z-]+)=("(?:[^"\\]|\\.)*"|\S+)/g)];
  return Object.fromEntries(
    pairs.map(([, key = '', value = '']) => [
      key,
      value.startsWith('"') ? (JSON.parse(value) as string) : value,
    ]),
  );
}

function fromLlamaServer(log: string): Readonly<Record<string, string>> {
  const found = Object.entries(LLAMA_SERVER_LINES).flatMap(([name, pattern]) => {
    const value = [...log.matchAll(pattern)].at(-1)?.[1];
    return value === undefined ? [] : [[name, value] as const];
  });
  return found.length === 0 ? {} : { engine: 'llama-server', ...Object.fromEntries(found) };
}
