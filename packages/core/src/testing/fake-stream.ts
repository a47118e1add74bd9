import type { ServerResponse } from 'node:http';
import type { Fault, Framing } from './faults.js';

/** The parts of one streamed answer. */
export interface Answer {
  readonly api: 'completions' | 'chat';
  readonly model: string;
  readonly tokens: number;
  readonly promptTokens: number;
  readonly faults: ReadonlySet<Fault>;
  readonly framing: Framing;
}

const EVENTS_BEFORE_FAULT = 1;

/** The text of token `index` of every answer. */
export function fakeToken(index: number): string {
  return index % 7 === 3 ? ` wörd${index}` : ` w${index}`;
}

/** Faults that a client must not count as a success. */
const SPOILING: readonly Fault[] = [
  'empty-stream',
  'truncated-stream',
  'reset',
  'malformed-chunk',
  'error-event',
];

export function isSpoilt({ faults }: Answer): boolean {
  return SPOILING.some((fault) => faults.has(fault));
}

/** The data of an answer's events, in order, and whether a connection reset follows. */
export function eventsOf(answer: Answer): {
  readonly events: string[];
  readonly reset: boolean;
} {
  const whole = wholeStream(answer);
  const { faults } = answer;
  if (faults.has('empty-stream')) return { events: ['[DONE]'], reset: false };
  if (faults.has('truncated-stream')) return { events: whole.slice(0, 2), reset: false };
  if (faults.has('reset')) return { events: whole.slice(0, 2), reset: true };
  const broken = faults.has('malformed-chunk')
    ? '{"choices": [{"te'
    : faults.has('error-event')
      ? JSON.stringify({ error: { message: 'the engine is out of memory', code: 500 } })
      : undefined;
  if (broken !== undefined) whole.splice(EVENTS_BEFORE_FAULT, 0, broken);
  return { events: whole, reset: false };
}

function wholeStream({ api, model, tokens, promptTokens, faults, framing }: Answer): string[] {
  const base = {
    id: 'fake',
    object: api === 'chat' ? 'chat.completion.chunk' : 'text_completion',
    created: 0,
    model,
  };
  const chunk = (fields: object) => JSON.stringify({ ...base, ...fields });
  const choice = (text: string, finish: string | null) =>
    chunk({
      choices: [
        { index: 0, finish_reason: finish, ...(api === 'chat' ? { delta: { content: text } } : { text }) },
      ],
    });
  const role = chunk({
    choices: [{ index: 0, finish_reason: null, delta: { role: 'assistant', content: '' } }],
  });
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: tokens,
    total_tokens: promptTokens + tokens,
  };
  return [
    ...(api === 'chat' && framing.roleChunk === true ? [role] : []),
    ...Array.from({ length: tokens }, (_, i) => choice(fakeToken(i), i === tokens - 1 ? 'length' : null)),
    ...(faults.has('no-usage') ? [] : [chunk({ choices: [], usage })]),
    '[DONE]',
  ];
}

/** The answer to a request without streaming. */
export function wholeAnswer({ api, model, tokens, promptTokens, faults }: Answer): object {
  const text = Array.from({ length: tokens }, (_, i) => fakeToken(i)).join('');
  const choice = api === 'chat' ? { message: { role: 'assistant', content: text } } : { text };
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: tokens,
    total_tokens: promptTokens + tokens,
  };
  return {
    id: 'fake',
    object: api === 'chat' ? 'chat.completion' : 'text_completion',
    model,
    choices: [{ index: 0, finish_reason: 'length', ...choice }],
    ...(faults.has('no-usage') ? {} : { usage }),
  };
}

/** Writes events to a response, framed as requested. */
export class EventWriter {
  private pending: string[] = [];

  constructor(
    private readonly response: ServerResponse,
    private readonly framing: Framing,
  ) {}

  event(data: string): void {
    const eol = this.framing.crlf === true ? '\r\n' : '\n';
    const text =
      this.framing.noise === true ? `: ping${eol}event: message${eol}data:${data}` : `data: ${data}`;
    this.pending.push(`${text}${eol}${eol}`);
    if (this.pending.length >= (this.framing.eventsPerWrite ?? 1)) this.flush();
  }

  flush(): void {
    const bytes = Buffer.from(this.pending.join(''));
    this.pending = [];
    const step = this.framing.fragmentBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += step) this.response.write(bytes.subarray(at, at + step));
  }
}
