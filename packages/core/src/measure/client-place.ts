import { join } from 'node:path';
import { SweeplineError } from '../errors.js';
import type { Begun } from '../launch/session.js';
import type { Executor } from '../plugin/node.js';

/** Where the load's process runs: next to the endpoint, on a node of its own, or where Sweepline runs. */
export const CLIENT_PLACES = ['server-node', 'own-node', 'controller'] as const;
export type ClientPlaceName = (typeof CLIENT_PLACES)[number];

/** A client that has its place. */
export interface PlacedClient {
  readonly place: ClientPlaceName;
  readonly executor: Executor;
  /** Its folder on that machine: where its spec and its records are. */
  readonly folder: string;
  /** Of this client, to its server. */
  readonly path: 'loopback' | 'network';
}

/** Nodes that a session needs besides those of its server. */
export function nodesForClient(place: ClientPlaceName): number {
  return place === 'own-node' ? 1 : 0;
}

/**
 * @param controller the machine that Sweepline runs on
 * @param home the point's name, and its folder there
 * @throws {SweeplineError} PLAN_UNSUPPORTED where the launcher gave no node for the client
 */
export function placeClient(
  place: ClientPlaceName,
  { server, lease }: Pick<Begun, 'server' | 'lease'>,
  controller: Executor,
  home: { readonly name: string; readonly folder: string },
): PlacedClient {
  const serving = server.endpoint.executor;
  const executor = { 'server-node': serving, controller, 'own-node': lease.executors.at(-1) }[place];
  if (executor === undefined || (place === 'own-node' && executor === serving)) {
    throw new SweeplineError('PLAN_UNSUPPORTED', 'the launcher gave no node for the client');
  }
  const isSame = executor === serving || (executor.node.isHere === true && serving.node.isHere === true);
  const folder = executor === controller ? home.folder : join(executor.workDir, 'points', home.name);
  return { place, executor, folder, path: isSame ? 'loopback' : 'network' };
}
