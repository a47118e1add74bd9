// @ts-check
/** The server's own counts, from its Prometheus endpoint. */

/** @typedef {{ readonly requests: number, readonly prompt: number, readonly output: number }} Counts */

const COUNTERS = {
  requests: 'vllm:request_success_total',
  prompt: 'vllm:prompt_tokens_total',
  output: 'vllm:generation_tokens_total',
};

/** @param {string} baseUrl @returns {Promise<Counts>} */
export async function scrape(baseUrl) {
  const text = await (await fetch(`${baseUrl}/metrics`)).text();
  const counts = Object.entries(COUNTERS).map(([name, metric]) => [name, sumOf(text, metric)]);
  return Object.fromEntries(counts);
}

/** Sum over all labels. @param {string} text @param {string} metric */
function sumOf(text, metric) {
  const samples = text.split('\n').filter((line) => line.startsWith(`${metric}{`));
  if (samples.length === 0) throw new Error(`the server has no ${metric}`);
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** @param {Counts} one @param {Counts} other @returns {Counts} */
export function minus(one, other) {
  return {
    requests: one.requests - other.requests,
    prompt: one.prompt - other.prompt,
    output: one.output - other.output,
  };
}

/** @param {readonly Counts[]} counts @returns {Counts} */
export function plus(...counts) {
  const sum = (/** @type {keyof Counts} */ key) => counts.reduce((total, count) => total + count[key], 0);
  return { requests: sum('requests'), prompt: sum('prompt'), output: sum('output') };
}

/** @param {Counts} counts */
export function shown({ requests, prompt, output }) {
  return `${requests} requests, ${prompt} prompt + ${output} output tokens`;
}
