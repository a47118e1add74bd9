import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from '@sweepline/core';

const bodySchema = z.looseObject({
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

export interface Sent {
  readonly question: string;
  readonly body: z.output<typeof bodySchema>;
}

/** A chat-completions server on this machine that answers by the last message. */
export class FakeServer {
  readonly sent: Sent[] = [];

  private constructor(private readonly server: Server) {}

  static async start(
    answer: (question: string, response: ServerResponse, fake: FakeServer) => void,
  ): Promise<FakeServer> {
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        const body = bodySchema.parse(JSON.parse(text));
        const question = body.messages.at(-1)?.content ?? '';
        fake.sent.push({ question, body });
        answer(question, response, fake);
      });
    });
    const fake = new FakeServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

/** Answers with a chat completion. */
export function complete(
  response: ServerResponse,
  content: string | null,
  more: { readonly reasoning?: string; readonly finish?: string } = {},
): void {
  const message = { content, reasoning_content: more.reasoning ?? null };
  response.end(
    JSON.stringify({
      choices: [{ index: 0, message, finish_reason: more.finish ?? 'stop' }],
      usage: { prompt_tokens: 5, completion_tokens: 2 },
    }),
  );
}
