import type { Agent } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { messageOf, onOneLine, type Mask } from '@sweepline/core';
import { readAnswer, type Answer } from './answer.js';
import { post, type Response } from './post.js';

/** Characters of a server's error that are shown. */
const SHOWN = 200;
/** Seconds that a server may ask to wait for at most. */
const LONGEST_WAIT_S = 60;

export interface Server {
  /** Of chat completions. */
  readonly url: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  /** Hides its key in what it says. */
  readonly mask: Mask;
  readonly maxAttempts: number;
  readonly requestTimeoutS: number;
  /** Waits between attempts. Another one in tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** An answer, and what it took. */
export interface Given extends Answer {
  readonly attempts: number;
  /** Of the attempt that was answered. */
  readonly ms: number;
}

/** A question that was given up. */
export class NoAnswer extends Error {}

/**
 * Asks until there is an answer. Connections that fail, time-outs, the statuses 408, 429 and 5xx and what is no chat completion are
 * tried again, with the waits of lm-eval; other statuses would be the same again.
 * @throws {NoAnswer} with the reason of the last attempt; what ended the signal
 */
export async function ask(server: Server, body: string, signal: AbortSignal): Promise<Given> {
  const { maxAttempts, wait = patiently } = server;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const begin = performance.now();
    const tried = await attemptOf(server, body, signal);
    signal.throwIfAborted();
    if ('answer' in tried)
      return { ...tried.answer, attempts: attempt, ms: Math.round(performance.now() - begin) };
    const { problem, isFinal, waitS = 0 } = tried;
    if (isFinal || attempt >= maxAttempts) throw new NoAnswer(`${problem} (attempt ${attempt})`);
    await wait(1000 * Math.max(backoffS(attempt), Math.min(waitS, LONGEST_WAIT_S)), signal);
  }
}

/** Tenacity's `wait_exponential(multiplier=0.5, min=1, max=10)`, which lm-eval uses. @param attempt from 1 */
export function backoffS(attempt: number): number {
  return Math.min(10, Math.max(1, 0.5 * 2 ** (attempt - 1)));
}

const patiently = (ms: number, signal: AbortSignal): Promise<unknown> =>
  setTimeout(ms, undefined, { signal });

type Tried =
  | { readonly answer: Answer }
  | { readonly problem: string; readonly isFinal: boolean; readonly waitS?: number };

async function attemptOf(server: Server, body: string, signal: AbortSignal): Promise<Tried> {
  const { url, agent, headers, requestTimeoutS } = server;
  const limit = AbortSignal.timeout(Math.ceil(requestTimeoutS * 1000));
  let response: Response;
  try {
    response = await post(url, body, { headers, agent, signal: AbortSignal.any([signal, limit]) });
  } catch (thrown) {
    const problem = limit.aborted ? `no answer within ${requestTimeoutS} s` : messageOf(thrown);
    return { problem, isFinal: false };
  }
  const { status, text, retryAfterS } = response;
  const said = shown(server.mask.text(text));
  if (status === 200) {
    const answer = readAnswer(text);
    return answer === undefined
      ? { problem: `the response is no chat completion: ${said}`, isFinal: false }
      : { answer };
  }
  return {
    problem: `status ${status}: ${said}`,
    isFinal: status < 500 && status !== 429 && status !== 408,
    ...(retryAfterS !== undefined && { waitS: retryAfterS }),
  };
}

function shown(text: string): string {
  const line = onOneLine(text);
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
