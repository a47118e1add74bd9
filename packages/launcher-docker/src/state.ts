import { setTimeout as delay } from 'node:timers/promises';
import { z } from '@sweepline/core';
import type { Engine } from './engine.js';

/** Milliseconds between two looks at a container that is being started. */
const POLL_MS = 30;
/** Docker's way to say never. */
const NEVER = /^0001-/;

export interface ContainerState {
  /** Of the image that it was made from. */
  readonly image: string;
  readonly status: string;
  readonly startedAt: string;
  readonly code: number;
  readonly isOutOfMemory: boolean;
  /** Why it could not be started, in the engine's words; empty where it could, or podman doesn't say. */
  readonly error: string;
}

const schema = z.tuple([
  z.looseObject({
    Image: z.string(),
    State: z.looseObject({
      Status: z.string(),
      StartedAt: z.string(),
      ExitCode: z.number(),
      OOMKilled: z.boolean(),
      Error: z.string().nullish(),
    }),
  }),
]);

export async function stateOf(engine: Engine, name: string, signal?: AbortSignal): Promise<ContainerState> {
  const [{ Image, State }] = schema.parse(await engine.inspect('container', [name], signal));
  return {
    image: Image,
    status: State.Status,
    startedAt: State.StartedAt,
    code: State.ExitCode,
    isOutOfMemory: State.OOMKilled,
    error: State.Error ?? '',
  };
}

export function hasStarted({ startedAt, error }: ContainerState): boolean {
  return !NEVER.test(startedAt) && error === '';
}

export function isRunning({ status }: ContainerState): boolean {
  return !['created', 'initialized', 'exited', 'dead', 'stopped'].includes(status);
}

/** Looks until a container has started, or its client has ended without that. */
export async function untilStarted(
  engine: Engine,
  name: string,
  clientEnds: Promise<unknown>,
  signal: AbortSignal,
): Promise<ContainerState> {
  const ended = clientEnds.then(() => true);
  for (let isLast = false; ; isLast = await Promise.race([ended, delay(POLL_MS, false, { signal })])) {
    const state = await stateOf(engine, name, signal);
    if (isLast || hasStarted(state) || state.error !== '') return state;
  }
}
