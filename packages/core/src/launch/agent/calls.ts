import type { Writable } from 'node:stream';
import { SweeplineError } from '../../errors.js';
import { encodeFrame, type Frame } from './frames.js';
import { fromSent, type CallName, type Calls, type Request, type AgentMessage } from './protocol.js';

export type Answer<N extends CallName> = Calls[N]['answer'] & { readonly body: Uint8Array };

/** @throws what the agent had; LEASE_LOST where it can't be reached any more */
export type Call = <N extends CallName>(
  name: N,
  args: Calls[N]['args'],
  options?: { readonly body?: Uint8Array; readonly signal?: AbortSignal },
) => Promise<Answer<N>>;

/** Calls that wait for their answers. */
export interface OpenCalls {
  readonly call: Call;
  /** Whether a frame was an answer. */
  settle(frame: Frame): boolean;
  /** The agent can't be reached any more: that is the answer to all. */
  readonly fail: (reason: string) => void;
  /** Milliseconds since anything came. */
  silentMs(): number;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

export function createCalls(stdin: Writable, node: string): OpenCalls {
  const waiting = new Map<number, Waiting>();
  let count = 0;
  let lost: SweeplineError | undefined;
  let heardAt = performance.now();
  const send = (request: Request, body?: Uint8Array): void => void stdin.write(encodeFrame(request, body));
  const call: Call = (name, args, { body, signal } = {}) => {
    if (lost !== undefined) return Promise.reject(lost);
    signal?.throwIfAborted();
    const id = (count += 1);
    const abort = (): void => send({ abort: id });
    signal?.addEventListener('abort', abort, { once: true });
    const answered = new Promise<never>((resolve, reject) => waiting.set(id, { resolve, reject }));
    send({ id, call: name, args }, body);
    return answered.finally(() => {
      waiting.delete(id);
      signal?.removeEventListener('abort', abort);
    });
  };
  return {
    // An abort before the call is a rejection like others.
    call: async (...args) => call(...args),
    settle({ head, body }) {
      heardAt = performance.now();
      const message = head as AgentMessage;
      if (!('id' in message)) return false;
      const { resolve, reject } = waiting.get(message.id) ?? {};
      if ('error' in message) reject?.(fromSent(message.error));
      else resolve?.({ ...(message.answer as object), body } as never);
      return true;
    },
    fail(reason) {
      lost = new SweeplineError('LEASE_LOST', `${node} can't be reached any more: ${reason}`, {
        where: { node },
        hint: 'Look whether the node and the network to it are well.',
      });
      for (const { reject } of waiting.values()) reject(lost);
    },
    silentMs: () => performance.now() - heardAt,
  };
}
