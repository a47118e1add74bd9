// @ts-check
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../../checks/docker/context.js';
import { startEngine } from '../../checks/docker/engine/engine.js';
import { IMAGE, importImage, makeRootfs } from '../../checks/docker/engine/image.js';
import { missingHere } from '../../checks/docker/engine/needs.js';
import { ROOT, startCluster } from '../../checks/slurm/cluster.js';
import { missing } from '../../checks/slurm/packages.js';
import { buildStandIn } from '../../checks/slurm/pyxis.js';
import { inContainer, inJob, onThisMachine } from './by-hand.js';

/** Nodes of the cluster. */
const NODES = 2;

/**
 * What nodes are got from.
 * @typedef {object} Bed
 * @property {string} launcher
 * @property {string} image of the server
 * @property {Record<string, unknown>} cluster keys of configs/clusters.yaml that the launcher needs
 * @property {() => string | undefined} missing why it can't be had here
 * @property {() => Promise<void>} start
 * @property {() => string} folder a new one that its nodes see
 * @property {import('./by-hand.js').Begin} begin a session, by hand
 */

/** @type {readonly Bed[]} */
export const BEDS = [
  {
    launcher: 'local',
    image: 'host',
    cluster: {},
    missing: () => undefined,
    start: () => Promise.resolve(),
    folder: () => mkdtempSync(join(tmpdir(), 'sweepline-by-hand-')),
    begin: onThisMachine,
  },
  {
    launcher: 'docker',
    image: IMAGE,
    cluster: { mounts: { [REPOSITORY]: `${REPOSITORY}:ro` } },
    missing: () => missingHere('docker'),
    async start() {
      const folder = mkdtempSync(join(tmpdir(), 'sweepline-docker-'));
      makeRootfs(join(folder, 'rootfs'));
      const engine = await startEngine('docker', join(folder, 'engine'));
      Object.assign(process.env, engine.env);
      importImage(join(folder, 'rootfs'), engine);
    },
    folder: () => mkdtempSync(join(tmpdir(), 'sweepline-by-hand-')),
    begin: inContainer,
  },
  {
    launcher: 'slurm',
    image: 'host',
    cluster: { exclusive: true },
    missing: () => missing(false),
    start: () => startCluster(NODES, buildStandIn),
    folder() {
      mkdirSync(`${ROOT}/by-hand`, { recursive: true });
      return mkdtempSync(`${ROOT}/by-hand/`);
    },
    begin: inJob,
  },
];
