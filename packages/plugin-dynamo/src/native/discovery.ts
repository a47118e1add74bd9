import type { Readiness, Role, Runtime, Text } from '@sweepline/core';
import { workersOf, type Context } from '../jobs.js';
import { backendOf } from './backends.js';
import { isBefore1 } from './version.js';

/** The frontend's role and port, which tell the files of one launch from those of another. */
export const FRONTEND = 'frontend';
export const HTTP = 'http';
/** The etcd of a launch, and its ports: for clients, and for other etcds, of which there are none. */
const ETCD = 'etcd';
const CLIENT = 'client';
const PEER = 'peer';
/** Seconds; it has nothing to read. */
const ETCD_TIMEOUT_S = 120;

type Discovery = Exclude<Context['options']['discovery'], undefined>;

/** How the processes of a launch find each other: by files, which only processes on one node all see, or through etcd. */
export function discoveryOf(context: Context): Discovery {
  return context.options.discovery ?? (spansNodes(context) ? 'etcd' : 'file');
}

/** Whether the workers take more devices than one node has. */
export function spansNodes({ job, sku }: Context): boolean {
  const devices = workersOf(job).map(({ worker }) => {
    const { nodes, ranksPerNode, devicesPerRank } = backendOf(job.framework).place(worker, sku, job);
    return worker['num-worker'] * nodes * ranksPerNode * devicesPerRank;
  });
  return devices.reduce((sum, each) => sum + each, 0) > sku.devicesPerNode;
}

/** Source: `--discovery-backend` (from 1.0.0 on) and `--store-kv` (before) in dynamo/frontend of ai-dynamo 1.4.2 and 0.8.1. */
export function discoveryEnv(context: Context): Readonly<Record<string, Text>> {
  const name = isBefore1(context) ? 'DYN_STORE_KV' : 'DYN_DISCOVERY_BACKEND';
  const discovery = discoveryOf(context);
  if (discovery !== 'file') {
    const own: Text = [
      'http://',
      { ref: 'host', role: ETCD },
      ':',
      { ref: 'port', role: ETCD, name: CLIENT },
    ];
    return { [name]: 'etcd', ETCD_ENDPOINTS: discovery === 'etcd' ? own : discovery.etcd };
  }
  return {
    [name]: 'file',
    DYN_FILE_KV: [{ ref: 'workspace' }, '/dynamo-discovery-', { ref: 'port', role: FRONTEND, name: HTTP }],
  };
}

/** The roles that workers need to find each other: the launch's own etcd, or none. */
export function discoveryRoles(context: Context, runtime: Runtime): readonly Role[] {
  return discoveryOf(context) === 'etcd' ? [etcdRole(context, runtime)] : [];
}

/** When such a role is ready. Source: etcd's docs, op-guide/monitoring. */
export function discoveryReady(roles: readonly Role[]): readonly Readiness[] {
  return roles.map(({ name: role }) => ({
    role,
    when: { http: '/health', expect: '"true"' },
    timeoutS: ETCD_TIMEOUT_S,
  }));
}

/**
 * An etcd of one member. Dynamo's images have the program: container/templates/dynamo_base.Dockerfile of ai-dynamo/dynamo. Its flags:
 * op-guide/configuration of etcd's docs, the same in 3.4 and 3.5.
 */
function etcdRole({ options }: Context, runtime: Runtime): Role {
  const port = (name: string): Text => [{ ref: 'port', role: ETCD, name }];
  const peer: Text = ['http://127.0.0.1:', ...port(PEER)];
  const client: Text = [':', ...port(CLIENT)];
  return {
    name: ETCD,
    replicas: 1,
    runtime,
    argv: [
      ETCD,
      ...['--data-dir', [{ ref: 'workspace' }, '/etcd-', ...port(CLIENT)] as Text],
      '--listen-client-urls',
      [options.network === 'loopback' ? 'http://127.0.0.1' : 'http://0.0.0.0', ...client],
      '--advertise-client-urls',
      ['http://', { ref: 'host', role: ETCD }, ...client],
      ...['--listen-peer-urls', peer],
      ...['--initial-advertise-peer-urls', peer],
      ...['--initial-cluster', ['default=', ...peer] as Text],
    ],
    env: options.env,
    files: {},
    ports: [{ name: CLIENT }, { name: PEER }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 0, wireUp: 'none' },
  };
}
