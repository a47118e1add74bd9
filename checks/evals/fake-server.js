// @ts-check
/** A server whose answer depends on the last message alone: right, wrong, of the wrong form, reasoning only, or empty. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * @param {ReadonlyMap<string, string>} targets Right answers by question.
 * @returns {Promise<{ endpoint: string, requests: object[], close: () => void }>} With the bodies of all requests.
 */
export async function fakeServer(targets) {
  /** @type {object[]} */
  const requests = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => (text += part));
    request.on('end', () => {
      const body = JSON.parse(text);
      requests.push(body);
      const question = body.messages.at(-1).content;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(completion(question, targets.get(question) ?? '?')));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { endpoint: `http://127.0.0.1:${port}`, requests, close };
}

/** @param {string} question @param {string} target */
function completion(question, target) {
  const kind = (createHash('sha256').update(question).digest()[0] ?? 0) % 8;
  const [content, reasoning] = [
    [target, null],
    [`It is ${target}.`, 'thinking'],
    [`#### ${target}`, null],
    ['nothing known', null],
    [null, `so ${target}`],
    ['', `#### ${target}`],
    [null, null],
    [`${target}\n\nÉ ½ ${target}0`, null],
  ][kind] ?? [null, null];
  return {
    id: 'x',
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, reasoning_content: reasoning },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
  };
}
