import { join } from 'node:path';
import type { WorkspaceConfig } from '../config/schema/workspace.js';
import { SweeplineError } from '../errors.js';
import { copyThere } from '../launch/files.js';
import { carryFiles } from '../load/spec/carried-files.js';
import type { LoadSpec } from '../load/spec/spec.js';
import type { NodeLease } from '../plugin/launcher.js';
import type { Executor } from '../plugin/node.js';
import { assertClientRuns } from './client-bundle/assert-runs.js';
import { clientBundle, type ClientBundle } from './client-bundle/client-bundle.js';

/** Where the load's process runs: next to the endpoint (InferenceX's way), on a node of its own, or where Sweepline runs. */
export type ClientPlaceName = WorkspaceConfig['client']['place'];

const PROGRAM_MODE = 0o755;
/** Every machine's own, which launchers give a node that is alone. */
const OWN_ADDRESSES: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '[::1]', 'localhost']);

export interface ClientSetup {
  readonly place: ClientPlaceName;
  /** The machine that Sweepline runs on. */
  readonly controller: Executor;
  /** Argv that starts a load process there, without its spec. */
  readonly loadCommand: readonly string[];
}

/** A client that has its place, and can be started there. */
export interface PlacedClient {
  readonly place: ClientPlaceName;
  readonly executor: Executor;
  /** Of this client, to its server. */
  readonly path: 'loopback' | 'network';
  readonly command: readonly string[];
  /** Folder that it is started in; by default the node's. */
  readonly cwd?: string;
  /** Its folder for a point, on its machine: `home` is the point's folder on this one. */
  folderFor(name: string, home: string): string;
  /** Brings what a spec names to its machine, and gives the spec as it is there. */
  carry(spec: LoadSpec, folder: string): Promise<LoadSpec>;
}

/** Nodes that a session needs besides those of its server. */
export function nodesForClient(place: ClientPlaceName): number {
  return place === 'own-node' ? 1 : 0;
}

/**
 * Gives the client its place; a machine that isn't this one gets the client bundle. Before a server is started: it may not run there.
 * @param serving the endpoint's node
 * @throws {SweeplineError} PLAN_UNSUPPORTED where the launcher gave no node for it or it can't reach the server, CLIENT_UNUSABLE where it doesn't run
 */
export async function placeClient(
  { place, controller, loadCommand }: ClientSetup,
  serving: Executor,
  lease: NodeLease,
  signal: AbortSignal,
): Promise<PlacedClient> {
  const executor = { 'server-node': serving, controller, 'own-node': lease.executors.at(-1) }[place];
  if (executor === undefined || (place === 'own-node' && executor === serving)) {
    throw new SweeplineError('PLAN_UNSUPPORTED', 'the launcher gave no node for the client');
  }
  const isHere = executor.node.isHere === true;
  const isSame = executor === serving || (isHere && serving.node.isHere === true);
  if (!isSame) assertReachable(serving);
  const basis = { place, executor, path: isSame ? 'loopback' : 'network' } as const;
  const folderFor = (name: string, home: string): string =>
    executor === controller ? home : join(executor.workDir, 'points', name);
  if (isHere) {
    // Its files may be named as on a command line: from where Sweepline was started.
    return { ...basis, folderFor, command: loadCommand, cwd: controller.workDir, carry: unchanged };
  }
  const command = await bringBundle(executor, signal);
  return { ...basis, folderFor, command, carry: (spec, folder) => carry(spec, folder, executor) };
}

/** From another machine, such an address is that machine's own: what answers there is another server. */
function assertReachable({ node: { name, host } }: Executor): void {
  if (!OWN_ADDRESSES.has(host)) return;
  const message = `the server is reached at ${host} on ${name} alone, and the client would be on another machine`;
  throw new SweeplineError('PLAN_UNSUPPORTED', message, {
    where: { node: name },
    hint: 'Set `client.place: server-node` in configs/sweepline.yaml, or leave it out.',
  });
}

function unchanged(spec: LoadSpec): Promise<LoadSpec> {
  return Promise.resolve(spec);
}

/** The same for all nodes: to know it takes reading a hundred megabytes. */
let bundled: Promise<ClientBundle> | undefined;

async function bringBundle(executor: Executor, signal: AbortSignal): Promise<readonly string[]> {
  const bundle = await (bundled ??= clientBundle());
  const { bundle: there } = executor.node;
  // The agent of this very bundle shows that it runs there.
  if (there?.digest === bundle.manifest.digest) return bundle.command(there.folder);
  const folder = join(executor.workDir, 'client');
  for (const { source, path, isProgram } of bundle.files) {
    await copyThere(executor, source, join(folder, path), isProgram ? PROGRAM_MODE : undefined);
  }
  await assertClientRuns(bundle, folder, executor, signal);
  return bundle.command(folder);
}

async function carry(spec: LoadSpec, folder: string, executor: Executor): Promise<LoadSpec> {
  const there = join(folder, 'files');
  const carried = await carryFiles(spec, there, process.env);
  for (const { source, path } of carried.files) await copyThere(executor, source, join(there, path));
  return carried.spec;
}
