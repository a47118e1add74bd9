import { setTimeout as delay } from 'node:timers/promises';
import { z } from '@sweepline/core';
import { isMissing, type Engine } from './engine.js';
import { removeAgentFolder } from './agent-folder.js';
import { FOLDER_LABEL, OWNER_LABEL, TOKEN_LABEL, isDeadOwner, ownOwner } from './owner.js';

const POLL_MS = 50;
/** Seconds that an agent has to end what it has started, and to remove its folder. */
const AGENT_STOP_S = 20;

/** A container that Sweepline made. */
interface Labelled {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly token: string;
  readonly owner: string;
  /** Of an agent's: the folder that the agent makes. */
  readonly folder?: string;
}

const containers = z.array(
  z.looseObject({
    Id: z.string(),
    Name: z.string(),
    Config: z.looseObject({ Image: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
  }),
);

/** Tokens of the sessions of this process that have not ended. */
const live = new Set<string>();

/** Its containers are no leftovers until it has ended. */
export function beginSession(token: string): void {
  live.add(token);
}

export function endSession(token: string): void {
  live.delete(token);
}

/**
 * Removes containers whose Sweepline has ended without removing them, and says which. They would hold memory and ports under the
 * next server.
 */
export async function removeLeft(engine: Engine, signal: AbortSignal): Promise<readonly string[]> {
  const own = ownOwner();
  const left = (await labelled(engine, OWNER_LABEL, signal)).filter(({ owner, token }) =>
    owner === own ? !live.has(token) : isDeadOwner(owner),
  );
  return remove(engine, left, signal);
}

/** Removes the containers of a session, whatever state they are in, and says which. */
export async function removeSession(
  engine: Engine,
  token: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  return remove(engine, await ofSession(engine, token, signal), signal);
}

/** The containers of a session. */
export async function ofSession(
  engine: Engine,
  token: string,
  signal?: AbortSignal,
): Promise<readonly Labelled[]> {
  const found = await labelled(engine, `${TOKEN_LABEL}=${token}`, signal);
  return found.filter((one) => one.token === token);
}

async function labelled(engine: Engine, label: string, signal?: AbortSignal): Promise<readonly Labelled[]> {
  const listed = await engine.ask(
    ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`],
    signal,
  );
  const all = await Promise.all(
    listed
      .split('\n')
      .filter((id) => id !== '')
      .map((id) => inspected(engine, id, signal)),
  );
  return all.flat();
}

/** None where it has gone meanwhile. */
async function inspected(engine: Engine, id: string, signal?: AbortSignal): Promise<readonly Labelled[]> {
  try {
    const found = containers.parse(await engine.inspect('container', [id], signal));
    return found.map(({ Id, Name, Config: { Image, Labels } }) => {
      const folder = Labels?.[FOLDER_LABEL];
      return {
        ...{ id: Id, name: Name.replace(/^\//, ''), image: Image },
        ...{ token: Labels?.[TOKEN_LABEL] ?? '', owner: Labels?.[OWNER_LABEL] ?? '' },
        ...(folder !== undefined && { folder }),
      };
    });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function remove(
  engine: Engine,
  all: readonly Labelled[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const others = all.filter(({ folder }) => folder === undefined);
  await Promise.all(others.map(({ id }) => removeContainer(engine, id, signal)));
  // After those that may write into their folders.
  const agents = all.filter(({ folder }) => folder !== undefined);
  await Promise.all(agents.map((agent) => removeAgent(engine, agent, signal)));
  return all.map(({ name, image }) => `removed container ${name} of ${image}`);
}

/** Lets an agent end in order; where it didn't, its folder is removed without it. */
async function removeAgent(
  engine: Engine,
  { id, token, image, folder = '' }: Labelled,
  signal?: AbortSignal,
): Promise<void> {
  await engine.ask(['stop', `--time=${AGENT_STOP_S}`, id], signal).catch(() => {}); // it may be gone
  try {
    if (!(await hasEndedWell(engine, id, signal)))
      await removeAgentFolder(engine, { folder, token, image }, signal);
  } finally {
    await removeContainer(engine, id, signal);
  }
}

/** Also one that was never started, or that somebody has removed. */
async function hasEndedWell(engine: Engine, container: string, signal?: AbortSignal): Promise<boolean> {
  try {
    return (await engine.ask(['wait', container], signal)).trim() === '0';
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}

/** With the volumes that its image made it have. */
export async function removeContainer(
  engine: Engine,
  container: string,
  signal?: AbortSignal,
): Promise<void> {
  // Docker kills what still runs; podman would give it ten seconds.
  const atOnce = engine.program === 'podman' ? ['--time=0'] : [];
  for (;;) {
    try {
      await engine.ask(['rm', '--force', ...atOnce, '--volumes', container], signal);
      return;
    } catch (error) {
      if (isMissing(error)) return;
      // Another command removes it; it is gone when that has ended.
      if (!/already in progress/.test(String(error))) throw error;
      await delay(POLL_MS, undefined, { signal });
    }
  }
}
