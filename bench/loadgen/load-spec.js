// @ts-check
/** The harness's settings for a client, as a load spec. It passes all of them as environment variables. */
const { env } = process;

/** @param {string} name */
function number(name) {
  const value = Number(env[name]);
  if (!Number.isInteger(value)) throw new Error(`${name} is not a whole number: the harness sets it`);
  return value;
}

/** @param {'text' | 'token-ids'} form @param {string} recordsFile @returns {import('@sweepline/core').LoadSpec} */
export function loadSpec(form, recordsFile) {
  return {
    schema: 'sweepline.load/1',
    endpoint: { baseUrl: env['BASE_URL'] ?? '', api: 'completions' },
    model: 'mock',
    prompts: {
      kind: 'random',
      form,
      inputLen: number('INPUT_LEN'),
      outputLen: number('OUTPUT_LEN'),
      rangeRatio: 1,
      seed: number('SEED'),
    },
    arrival: { pattern: 'closed-loop', concurrency: number('CONCURRENCY') },
    numPrompts: number('NUM_PROMPTS'),
    numWarmups: 0,
    ignoreEos: true,
    temperature: 0,
    connections: env['CONNECTIONS'] === 'per-request' ? 'per-request' : 'per-slot',
    timeouts: { connectS: 30, requestS: 3600 },
    serverMetrics: false,
    output: { recordsFile },
  };
}
