import { posix } from 'node:path';
import {
  LOAD_CLIENT,
  NODE,
  nodeBundle,
  type BundleOptions,
  type NodeBundle,
} from '../../launch/bundle/node-bundle.js';
import { LOAD_NODE_ARGS } from '../../load/run/young-generation.js';

export interface ClientBundle extends NodeBundle {
  /** Argv of a load process whose bundle is in a folder, to which its spec's path is added. */
  readonly command: (folder: string) => readonly string[];
}

/**
 * The files that a machine needs to run a load process.
 * @throws {SweeplineError} CLIENT_UNUSABLE for a Node.js that would not run there, or when core was built without its programs.
 */
export async function clientBundle(options: BundleOptions = {}): Promise<ClientBundle> {
  return {
    ...(await nodeBundle(options)),
    // The machine is a Linux machine, whatever this one is.
    command: (folder) => [posix.join(folder, NODE), ...LOAD_NODE_ARGS, posix.join(folder, LOAD_CLIENT)],
  };
}
