import { posix } from 'node:path';
import { SweeplineError, messageOf, type ErrorCode, type Where } from '../../errors.js';
import type { ByteRange, Exit, NodeAnswer, NodeHttpRequest, Output, ProcessSpec } from '../../plugin/node.js';

/** What an agent is started with. */
export interface AgentSettings {
  /** The session's. */
  readonly token: string;
  /** The node's name and address, as others know it. */
  readonly name: string;
  readonly host: string;
  /** Folder in which the agent makes one of its own. */
  readonly base: string;
}

/** What an agent can be asked for: arguments, and what it answers. A frame carries bytes of either as they are. */
export interface Calls {
  spawn: { args: { spec: ProcessSpec }; answer: { process: number } };
  /** Begins to send a process's lines. */
  lines: { args: { process: number }; answer: Empty };
  stop: { args: { process: number; graceMs: number }; answer: { exit: Exit } };
  run: { args: { spec: ProcessSpec }; answer: { output: Output } };
  /** Begins to write a file; pieces follow, each when the one before is written. */
  open: { args: { path: string; mode?: number }; answer: { file: number } };
  piece: { args: { file: number }; answer: Empty };
  /** The file's end; or, with a reason, that there is no more of it. */
  close: { args: { file: number; failed?: string }; answer: Empty };
  read: { args: { path: string; range: ByteRange }; answer: Empty };
  freePort: { args: Empty; answer: { port: number } };
  portInUse: { args: { port: number }; answer: { inUse: boolean } };
  isOurs: { args: { port: number }; answer: { isOurs?: boolean } };
  http: { args: { request: NodeHttpRequest }; answer: { answer: NodeAnswer } };
  /** That it is still there. */
  ping: { args: Empty; answer: Empty };
  /** Ends all that was started, removes the folder, and then the agent itself. */
  end: { args: Empty; answer: Empty };
}

/** No members. */
export type Empty = object;
export type CallName = keyof Calls;

/** From Sweepline to the agent. */
export type Request =
  | { readonly id: number; readonly call: CallName; readonly args: unknown }
  /** Nobody waits for this call's answer any more. */
  | { readonly abort: number };

/** From the agent to Sweepline. */
export type AgentMessage =
  | { readonly ready: { readonly workDir: string; readonly hostname: string } }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: SentError }
  | { readonly process: number; readonly lines: readonly string[]; readonly isEnd: boolean }
  | { readonly process: number; readonly exit: Exit; readonly errors: string };

/** The folder that an agent makes, and removes at its end. */
export function agentFolder({ base, token, name }: Pick<AgentSettings, 'base' | 'token' | 'name'>): string {
  return posix.join(base, `sweepline-${token}-${name}`);
}

/** The line before an agent's first frame, with its token: earlier output, such as a machine's prologue, isn't part of the conversation. */
export function greeting(token: string): string {
  return `sweepline-agent ${token}`;
}

export interface SentError {
  readonly message: string;
  /** Of a SweeplineError. */
  readonly code?: ErrorCode;
  /** The system's code, such as ENOENT; of a SweeplineError, its cause's. */
  readonly system?: string;
  readonly hint?: string;
  readonly where?: Where;
}

export function toSent(thrown: unknown): SentError {
  const message = messageOf(thrown);
  if (!(thrown instanceof SweeplineError)) return { message, ...systemCode(thrown) };
  const { code, hint, where, cause } = thrown;
  return { message, code, where, ...(hint !== undefined && { hint }), ...systemCode(cause) };
}

function systemCode(thrown: unknown): Pick<SentError, 'system'> {
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? { system: code } : {};
}

/** The error that an agent had, as it had it. */
export function fromSent({ message, code, system, hint, where }: SentError): Error {
  if (code !== undefined) {
    return new SweeplineError(code, message, {
      ...(hint !== undefined && { hint }),
      ...(where !== undefined && { where }),
      ...(system !== undefined && { cause: Object.assign(new Error(message), { code: system }) }),
    });
  }
  return Object.assign(new Error(message), system === undefined ? {} : { code: system });
}
