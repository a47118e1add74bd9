// @ts-check
/**
 * The answers of a hostile server, as plain data. An honest answer is made first; a fault changes a copy of it.
 *
 * @typedef {object} Write
 * @property {number} atMs Ms after the request was read. Writes with the same time are combined.
 * @property {string | Buffer} data
 *
 * @typedef {object} Answer
 * @property {number} status 0: nothing is written, not even a status line.
 * @property {Readonly<Record<string, string>>} headers
 * @property {readonly Write[]} writes In order of their times.
 * @property {'end' | 'cut' | 'reset' | 'silence'} ending How it ends after its last write: properly, by closing the connection, by
 * resetting it, or not at all.
 *
 * @typedef {object} Request
 * @property {number} index Index of a measured request, from 0 in order of arrival; negative for the probe and warm-ups.
 * @property {number} sinceStartMs From the first measured request to this one; 0 before.
 * @property {number} promptTokens
 * @property {number} maxTokens
 * @property {Readonly<Record<string, unknown>>} body
 *
 * @typedef {object} Schedule
 * @property {number} ttftMs
 * @property {number} itlMs From one token to the next.
 * @property {number} [tokensPerChunk] A chunk is sent when its last token is ready.
 * @property {boolean} [firstAlone] The first token doesn't wait for those of its chunk, as with the stream interval of engines.
 * @property {(request: Request) => Iterable<number>} [steps] Number of tokens in each step, instead; one chunk per step: speculative
 * decoding.
 * @property {number} [specialTokens] Number of tokens that the server adds before each prompt.
 *
 * @typedef {(answer: Answer, request: Request) => Answer} Change
 */

/** @param {object} fields */
const event = (fields) => `data: ${JSON.stringify(fields)}\n\n`;

/** @param {string} text @param {string | null} [finish] @param {boolean} [chat] */
export const textEvent = (text, finish = null, chat = false) =>
  event({
    id: 'a',
    object: chat ? 'chat.completion.chunk' : 'text_completion',
    model: 'fake-model',
    choices: [{ index: 0, finish_reason: finish, ...(chat ? { delta: { content: text } } : { text }) }],
  });

/** @param {unknown} usage */
export const usageEvent = (usage) =>
  event({ id: 'a', object: 'text_completion', model: 'fake-model', choices: [], usage });

export const DONE = 'data: [DONE]\n\n';

/** @param {Request} request @param {Schedule} schedule @returns {Answer} The requested number of tokens, on schedule. */
export function honestAnswer(request, schedule) {
  const { maxTokens } = request;
  const { ttftMs, specialTokens = 0 } = schedule;
  const writes = chunksOf(request, schedule).map(({ atMs, from, end }) => {
    const text = Array.from({ length: end - from }, (_, i) => ` w${from + i}`).join('');
    return { atMs, data: textEvent(text, end === maxTokens ? 'length' : null, 'messages' in request.body) };
  });
  const atMs = writes.at(-1)?.atMs ?? ttftMs;
  const usage = usageOf(request.promptTokens + specialTokens, maxTokens);
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    writes: [...writes, { atMs, data: usageEvent(usage) }, { atMs, data: DONE }],
    ending: 'end',
  };
}

/** Which tokens are sent together, and when. @param {Request} request @param {Schedule} schedule */
function chunksOf(request, { ttftMs, itlMs, tokensPerChunk = 1, firstAlone = false, steps }) {
  const { maxTokens } = request;
  const chunks = [];
  if (steps !== undefined) {
    let [from, atMs] = [0, ttftMs];
    for (const count of steps(request)) {
      const end = Math.min(from + count, maxTokens);
      chunks.push({ atMs, from, end });
      [from, atMs] = [end, atMs + itlMs];
      if (from === maxTokens) break;
    }
    return chunks;
  }
  for (let from = 0; from < maxTokens;) {
    const end = Math.min(from + (firstAlone && from === 0 ? 1 : tokensPerChunk), maxTokens);
    chunks.push({ atMs: ttftMs + (end - 1) * itlMs, from, end });
    from = end;
  }
  return chunks;
}

/** @param {number} prompt @param {unknown} completion @param {object} [more] */
export const usageOf = (prompt, completion, more = {}) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + Number(completion),
  ...more,
});

/** @param {Write} write */
export const isUsage = ({ data }) => String(data).includes('"usage":');
/** @param {Write} write */
export const isDone = ({ data }) => String(data) === DONE;
/** @param {Write} write */
export const isToken = (write) => !isUsage(write) && !isDone(write);

/** @param {(usage: ReturnType<typeof usageOf>, request: Request) => unknown} make The `usage` to send instead. @returns {Change} */
export const withUsage = (make) => (answer, request) => ({
  ...answer,
  writes: answer.writes.map((write) =>
    isUsage(write)
      ? { ...write, data: usageEvent(make(usageOf(request.promptTokens, request.maxTokens), request)) }
      : write,
  ),
});

/** @param {string} json The `usage` to send instead, for numbers that JSON.stringify doesn't write. @returns {Change} */
export const withRawUsage = (json) => (answer) => ({
  ...answer,
  writes: answer.writes.map((write) =>
    isUsage(write) ? { ...write, data: `data: {"id":"a","choices":[],"usage":${json}}\n\n` } : write,
  ),
});

/** @param {(write: Write, index: number, all: readonly Write[]) => number} timeOf @returns {Change} */
export const withTimes = (timeOf) => (answer) => ({
  ...answer,
  writes: answer.writes.map((write, i, all) => ({ ...write, atMs: timeOf(write, i, all) })),
});

/** @param {(request: Request) => boolean} applies @param {Change} change @returns {Change} */
export const where = (applies, change) => (answer, request) =>
  applies(request) ? change(answer, request) : answer;

/** @param {number} status @param {object} body @param {Readonly<Record<string, string>>} [headers] @returns {Change} */
export const refusal =
  (status, body, headers = {}) =>
  () => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    writes: [{ atMs: 0, data: JSON.stringify(body) }],
    ending: 'end',
  });

/** @param {number} count Number of tokens after which the answer ends. @param {Answer['ending']} ending @returns {Change} */
export const cutAfter = (count, ending) => (answer) => ({
  ...answer,
  writes: answer.writes.slice(0, count),
  ending,
});

/**
 * The engine pauses: writes due from `fromMs` on, by the clock of the measured load, come at most `forMs` later, as after a pause of the
 * whole server.
 * @param {number} fromMs @param {number} forMs @returns {Change}
 */
export const stalled =
  (fromMs, forMs) =>
  (answer, { sinceStartMs }) => {
    let shift = 0;
    const writes = answer.writes.map((write) => {
      const dueMs = sinceStartMs + write.atMs;
      // The first write within the pause waits for its end, and all later ones of this answer move by the same time.
      if (shift === 0 && dueMs >= fromMs && dueMs < fromMs + forMs) shift = fromMs + forMs - dueMs;
      return { ...write, atMs: write.atMs + shift };
    });
    return { ...answer, writes };
  };
