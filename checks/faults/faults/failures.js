// @ts-check
import { cutAfter, refusal, where } from '../answer.js';

/**
 * Requests that fail, all or some, and answers that end early.
 * @typedef {import('../run-fault.js').Fault} Fault
 * @typedef {import('../answer.js').Change} Change
 */

/** @param {string} name @param {string} what @param {Change} answer @param {Fault['expect']} expect @param {Partial<Fault>} [more] @returns {Fault} */
const fault = (name, what, answer, expect, more) => ({
  ...{ name, where: 'server', what, number: 'output_throughput', answer, expect },
  ...more,
});

/** @param {number} status @param {string} message @param {Readonly<Record<string, string>>} [headers] */
const refused = (status, message, headers) => refusal(status, { error: { message } }, headers);
/** @param {number} every @param {Change} change */
const oneIn = (every, change) => where(({ index }) => index >= 0 && index % every === every - 1, change);
/** @param {number} from @param {number} count @param {Change} change Applies to completion requests by number, the probe first. */
const probe = (from, count, change) =>
  where(({ index }) => index + 5 >= from && index + 5 < from + count, change);

const FAILED = /** @type {const} */ ({ mark: 'failed-requests', severity: 'invalid' });
const FEW_FAILED = /** @type {const} */ ({ mark: 'failed-requests', severity: 'note' });
/** Token ids if the server accepts them. */
const ANY_FORM = /** @type {const} */ ({
  kind: 'random',
  form: 'auto',
  inputLen: 32,
  outputLen: 16,
  rangeRatio: 1,
  seed: 0,
});
const BUSY = refused(503, 'loading');

/** @type {Change} */
const errorEvent = (answer) => ({
  ...answer,
  writes: [
    ...answer.writes.slice(0, 4),
    { atMs: answer.writes[3]?.atMs ?? 0, data: 'data: {"error":{"message":"out of memory","code":500}}\n\n' },
  ],
});
/** @type {Change} */
const malformed = (answer) => ({
  ...answer,
  writes: [
    ...answer.writes.slice(0, 4),
    { atMs: answer.writes[3]?.atMs ?? 0, data: 'data: {"choices": [{"te\n\n' },
    ...answer.writes.slice(4),
  ],
});
/** @type {Change} */
const aborted = (answer) => ({
  ...answer,
  writes: answer.writes.map((write) => ({
    ...write,
    data: String(write.data).replace('"finish_reason":"length"', '"finish_reason":"abort"'),
  })),
});

/** @type {readonly Fault[]} */
export const FAILURES = [
  fault('cut-clean', '1 answer of 10 ends properly after 4 tokens', oneIn(10, cutAfter(4, 'end')), FAILED),
  fault(
    'cut-clean-rare',
    '1 answer of 64 ends properly after 4 tokens',
    oneIn(64, cutAfter(4, 'end')),
    FEW_FAILED,
  ),
  fault(
    'cut-unclean',
    '1 answer of 10 loses its connection after 4 tokens',
    oneIn(10, cutAfter(4, 'cut')),
    FAILED,
  ),
  fault('reset', '1 answer of 10 is reset after 4 tokens', oneIn(10, cutAfter(4, 'reset')), FAILED),
  fault(
    'reset-late',
    '1 answer of 10 is reset after its last token',
    oneIn(10, cutAfter(16, 'reset')),
    FAILED,
  ),
  fault('error-event', '1 answer of 10 has an error for its 5th event', oneIn(10, errorEvent), FAILED),
  fault('malformed-event', '1 answer of 10 has an event that is not JSON', oneIn(10, malformed), FAILED),
  fault('aborted', '1 answer of 10 ends with finish_reason "abort"', oneIn(10, aborted), FAILED),
  fault(
    'busy-middle',
    '12 requests in the middle are refused with 503',
    where(({ index }) => index >= 20 && index < 32, BUSY),
    FAILED,
  ),
  fault(
    'rate-limit',
    '1 request of 5 is refused with 429 and Retry-After',
    oneIn(5, refused(429, 'slow down', { 'retry-after': '1' })),
    FAILED,
  ),
  fault(
    'all-refused',
    'all measured requests are refused with 500',
    where(({ index }) => index >= 0, refused(500, 'dead')),
    { mark: 'no-completed-request', severity: 'invalid' },
  ),
  fault(
    'html-200',
    '1 answer of 10 is a page of HTML with status 200',
    oneIn(10, () => ({
      status: 200,
      headers: { 'content-type': 'text/html' },
      writes: [{ atMs: 0, data: '<html>Welcome</html>' }],
      ending: 'end',
    })),
    FAILED,
  ),
  fault(
    'probe-busy-once',
    'the first request gets 503',
    probe(0, 1, BUSY),
    { harmless: 'it is sent again' },
    { number: 'mean_ttft_ms' },
  ),
  fault('probe-busy-always', 'every request gets 503', BUSY, { fails: 'REQUEST_FAILED' }),
  fault(
    'probe-reset',
    'the first connection is reset after its request',
    probe(0, 1, cutAfter(0, 'reset')),
    { harmless: 'it is sent again' },
    { number: 'mean_ttft_ms' },
  ),
  fault(
    'no-token-ids',
    'token ids are refused with 400, so that prompts become text',
    where(({ body }) => Array.isArray(body['prompt']), refused(400, 'prompt must be a string')),
    { mark: 'prompt-form', severity: 'note' },
    { number: 'total_input_tokens', load: { prompts: ANY_FORM } },
  ),
  fault(
    'warm-ups-fail',
    'all warm-up requests fail',
    probe(1, 4, BUSY),
    { mark: 'failed-warmups', severity: 'invalid' },
    { number: 'mean_ttft_ms' },
  ),
  fault(
    'wrong-model',
    'answers are from another model than requested',
    (answer) => ({
      ...answer,
      writes: answer.writes.map((write) => ({
        ...write,
        data: String(write.data).replace('fake-model', 'other-model'),
      })),
    }),
    { unseen: 'servers may use another name for a model in answers than in requests' },
    { number: 'output_throughput' },
  ),
];
