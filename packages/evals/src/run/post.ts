import * as http from 'node:http';
import * as https from 'node:https';

/** Bytes of a response that are read at most. */
const MOST_BYTES = 2 ** 24;

export interface Response {
  readonly status: number;
  readonly text: string;
  /** Seconds that the server asks to wait for, of its header `retry-after`. */
  readonly retryAfterS?: number;
}

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: http.Agent;
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/** Connections that are kept between requests. */
export function agentFor(url: URL, connections: number): http.Agent {
  const options = { keepAlive: true, maxSockets: connections };
  return url.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
}

/**
 * Posts JSON and reads the whole response. Redirects are not followed, and proxies not used. Not `fetch`: it ends an answer that takes
 * more than five minutes.
 * @throws {Error} when the connection fails, the signal ends it, or the response is too long
 */
export function post(url: URL, body: string, { headers, agent, signal }: PostOptions): Promise<Response> {
  const request = url.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        ...{ method: 'POST', agent, signal },
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes > MOST_BYTES) sent.destroy(new Error(`the response has more than ${MOST_BYTES} bytes`));
          else parts.push(part);
        });
        response.on('error', reject);
        response.on('end', () => {
          const after = Number(response.headers['retry-after'] ?? NaN);
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(parts).toString(),
            ...(after >= 0 && { retryAfterS: after }),
          });
        });
        // A connection that closes before the end.
        response.on('close', () => {
          if (!response.complete)
            reject(new Error('the connection was closed before the end of the response'));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
