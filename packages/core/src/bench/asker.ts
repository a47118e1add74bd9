import { accessHeaders, tlsOptions, type Access } from '../load/client/access.js';

/** Sends requests to an endpoint from this process, separate from its load. */
export interface Asker {
  readonly baseUrl: string;
  /** @throws any error that prevents an answer. */
  readonly ask: (method: 'GET' | 'POST', path: string, signal?: AbortSignal) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export function createAsker(
  baseUrl: string,
  access: Access,
  { insecure }: { readonly insecure?: boolean },
): Asker {
  return {
    baseUrl,
    async ask(method, path, signal) {
      const { Agent, request } = await import('undici');
      const agent = new Agent(tlsOptions({ insecure }));
      try {
        const options = { method, headers: accessHeaders(access), dispatcher: agent };
        const { statusCode, body } = await request(`${baseUrl}${path}`, {
          ...options,
          ...(signal !== undefined && { signal }),
        });
        return { status: statusCode, text: await body.text() };
      } finally {
        // Other requests still in progress are no longer needed.
        await agent.destroy();
      }
    },
  };
}
