// @ts-check
/** The loads for all clients: prompts of 128 tokens, answers of 128. */
export const [INPUT_LEN, OUTPUT_LEN] = [128, 128];

const KEPT = ['--keep', '--timeout', '240', '--output-len', String(OUTPUT_LEN)];

/**
 * `paced`: 200 ms to the first token, then 20 ms per token. `max`: as fast as the server can.
 * @typedef {{ title: string, concurrency: number, mode: 'max' | 'paced', numPrompts: number, options: readonly string[] }} PeerCell
 */

/** @param {number} concurrency @param {'max' | 'paced'} mode @param {number} numPrompts @param {string} title @returns {PeerCell} */
const cell = (concurrency, mode, numPrompts, title) => ({
  ...{ title, concurrency, mode, numPrompts },
  options: [...KEPT, '--num-prompts', String(numPrompts)],
});

/** @type {Record<string, PeerCell>} */
export const CELLS = {
  'paced-64': cell(64, 'paced', 256, '64 streams, 256 requests, 200 ms + 20 ms per token'),
  'paced-256': cell(256, 'paced', 512, '256 streams, 512 requests, 200 ms + 20 ms per token'),
  max: cell(64, 'max', 2048, '64 streams, 2,048 requests, tokens as fast as the client accepts them'),
};
