import { accessHeaders, tlsOptions, type Access } from '../load/client/access.js';

/** Asks an endpoint from this process, in addition to its load. */
export interface Asker {
  readonly baseUrl: string;
  /** @throws whatever keeps an answer from coming. */
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
        // Whatever is still under way is of no use any more.
        await agent.destroy();
      }
    },
  };
}
