import type { IncomingMessage } from 'node:http';

/** A completion request as a fake server reads it. */
export interface FakeRequest {
  /** Counts from 1, over all completion requests to the server. */
  readonly ordinal: number;
  readonly api: 'completions' | 'chat';
  readonly model: string;
  /** Token ids or text; for a chat, those of the last message. */
  readonly prompt: string | readonly number[];
  readonly maxTokens: number;
  readonly stream: boolean;
  readonly authorization: string | undefined;
  /** The whole body. */
  readonly body: Readonly<Record<string, unknown>>;
}

export const COMPLETION_PATHS: Readonly<Record<string, FakeRequest['api']>> = {
  '/v1/completions': 'completions',
  '/v1/chat/completions': 'chat',
};

export async function readBody(message: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as Readonly<Record<string, unknown>>;
}

export function readRequest(
  ordinal: number,
  api: FakeRequest['api'],
  body: Readonly<Record<string, unknown>>,
  authorization: string | undefined,
): FakeRequest {
  return {
    ordinal,
    api,
    model: String(body['model']),
    prompt: api === 'chat' ? lastMessage(body['messages']) : promptOf(body['prompt']),
    maxTokens: Number(body['max_tokens'] ?? 16),
    stream: body['stream'] === true,
    authorization,
    body,
  };
}

function promptOf(value: unknown): FakeRequest['prompt'] {
  return Array.isArray(value) ? (value as number[]) : String(value);
}

function lastMessage(messages: unknown): string {
  const last = Array.isArray(messages)
    ? (messages.at(-1) as { readonly content?: unknown } | undefined)
    : undefined;
  return typeof last?.content === 'string' ? last.content : '';
}
