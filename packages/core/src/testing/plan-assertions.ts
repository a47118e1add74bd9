import assert from 'node:assert/strict';
import { devicesOf as wantedDevices } from '../matrix/devices.js';
import { isSingleNode, type Job } from '../matrix/job.js';
import { plannedDevices } from '../plan/devices.js';
import { layOut, nodesOf, type PlacedProcess } from '../plan/layout.js';
import { refsIn } from '../plan/resolve.js';
import type { LaunchPlan, Role, ServePlan, Sku, Text } from '../plugin/index.js';
import { isData } from './framework-subject.js';

/** Strings, numbers, booleans, arrays and plain objects: values that survive JSON. */
export function assertData(value: unknown, path = 'plan'): void {
  if (Array.isArray(value)) value.forEach((item, index) => assertData(item, `${path}.${index}`));
  else if (isData(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    assert(prototype === Object.prototype || prototype === null, `${path} is an instance of a class`);
    for (const [key, item] of Object.entries(value)) assertData(item, `${path}.${key}`);
  } else {
    const isPlain =
      ['string', 'boolean', 'undefined'].includes(typeof value) || value === null || Number.isFinite(value);
    assert(isPlain, `${path} is ${String(value)}, which JSON can't hold`);
  }
}

/** Variables that limit the devices of a node that a process sees. */
const VISIBLE_DEVICES = [
  'CUDA_VISIBLE_DEVICES',
  'NVIDIA_VISIBLE_DEVICES',
  'HIP_VISIBLE_DEVICES',
  'ROCR_VISIBLE_DEVICES',
];

/**
 * Each device of each node belongs to one process. A job gets as many devices as its parallelism needs; a single-node job gets them on one
 * node.
 */
export function assertDevices(plan: LaunchPlan, job: Job, sku: Sku): void {
  if (plan.kind === 'delegate') return;
  const placed = layOut(plan.roles, sku.devicesPerNode);
  const owners = new Map<string, string>();
  for (const process of placed) {
    for (const [node, device] of devicesOf(process)) {
      const [key, owner] = [`${node}.${device}`, `${process.role.name} ${process.replica}`];
      const other = owners.get(key);
      assert(other === undefined, `device ${device} of node ${node} goes to ${other ?? ''} and to ${owner}`);
      assert(
        device >= 0 && device < sku.devicesPerNode,
        `${owner} gets device ${device} of a node that has ${sku.devicesPerNode}`,
      );
      owners.set(key, owner);
    }
  }
  if (sku.device !== 'cpu') {
    const { total } = wantedDevices(job);
    assert(owners.size >= total, `it uses ${owners.size} devices, but its job needs ${total}`);
    const counted = plannedDevices(plan, job).total;
    assert.equal(counted, owners.size, 'its processes and its environment differ in the number of devices');
  }
  if (isSingleNode(job)) {
    assert.equal(nodesOf(plan.roles, sku.devicesPerNode), 1, 'a job on one node gets several nodes');
  }
}

/** Pairs of node and device. Devices in the role's own environment count, because the process will see those. */
function devicesOf({ role, node, devices }: PlacedProcess): readonly (readonly [number, number])[] {
  const nodes = Array.from(
    { length: role.place.wireUp === 'pmix' ? role.place.nodes : 1 },
    (_, index) => node + index,
  );
  const own = VISIBLE_DEVICES.flatMap((name) => role.env[name] ?? []).find(
    (text) => typeof text === 'string',
  );
  const seen = own === undefined ? devices : own.split(',').filter(Boolean).map(Number);
  return nodes.flatMap((one) => seen.map((device) => [one, device] as const));
}

/** A reference to a missing replica would be printed as a placeholder and fail only once nodes are held. */
export function assertRefs(plan: LaunchPlan): void {
  const roles = plan.kind === 'serve' ? plan.roles : [];
  for (const ref of refsIn(plan)) {
    if (!('role' in ref)) continue;
    const role = roles.find(({ name }) => name === ref.role);
    const what = JSON.stringify(ref);
    assert(role !== undefined, `${what} refers to a role that doesn't exist`);
    assert(
      (ref.index ?? 0) < role.replicas,
      `${what} refers to a replica that doesn't exist: there are ${role.replicas}`,
    );
    if (ref.ref !== 'port') continue;
    const has =
      ref.name === undefined ? role.ports.length > 0 : role.ports.some(({ name }) => name === ref.name);
    assert(has, `${what} refers to a port that ${role.name} doesn't have`);
  }
}

/** A port must be a reference unless it is fixed: several servers may share a node. */
export function assertPorts(plan: LaunchPlan): void {
  if (plan.kind === 'delegate') return;
  for (const role of plan.roles) {
    const fixed = role.ports.flatMap((port) => (port.fixed === undefined ? [] : String(port.fixed)));
    for (const [flag, value] of portFlags(role)) {
      assert(
        fixed.includes(value),
        `${role.name} gets ${flag} ${value}, which is not one of its fixed ports`,
      );
    }
    for (const port of role.ports) assertTold(plan, role, port.name, String(port.fixed));
  }
}

function portFlags({ argv }: Role): readonly (readonly [string, string])[] {
  return argv.flatMap((text, index): (readonly [string, string])[] => {
    if (typeof text !== 'string' || !/^--?[\w-]*port(=|$)/.test(text)) return [];
    const [flag = '', joined] = text.split('=');
    const value: Text | undefined = joined ?? argv[index + 1];
    return typeof value === 'string' && /^\d+$/.test(value) ? [[flag, value]] : [];
  });
}

/** A process that doesn't get its port would listen on another one. */
function assertTold({ roles }: ServePlan, role: Role, name: string, fixed: string): void {
  const texts = roles.map(({ argv, env, files }) => ({ argv, env, files }));
  const [firstPort] = role.ports;
  const isRef = refsIn(texts).some(
    (ref) =>
      ref.ref === 'port' &&
      ref.role === role.name &&
      (ref.name === name || (ref.name === undefined && firstPort?.name === name)),
  );
  const isFixed = JSON.stringify(texts).includes(fixed);
  assert(isRef || isFixed, `${role.name} doesn't get its port ${name}`);
}
