import { describe, expect, it } from 'vitest';
import type { Executor, Port, Role } from '../../src/index.js';
import { scriptedNode } from '../../src/testing/index.js';
import { addressesOf, placeRoles } from '../../src/launch/addresses.js';

const never = new AbortController().signal;

const ROLE: Role = {
  name: 'worker',
  replicas: 1,
  runtime: { kind: 'host' },
  argv: ['w'],
  env: {},
  files: {},
  ports: [],
  place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 0, wireUp: 'none' },
};

/** A node on which `used` says what is taken; the system's free port is 40000. */
function node(used: (port: number) => boolean): Executor {
  return {
    ...scriptedNode({}).executor,
    node: { name: 'n', host: 'h' },
    freePort: () => Promise.resolve(40_000),
    portInUse: (port) => Promise.resolve(used(port)),
  };
}

async function portOf(port: Omit<Port, 'name'>, used = (_port: number): boolean => false) {
  const role = { ...ROLE, ports: [{ name: 'p', ...port }] };
  const placed = [{ role, replica: 0, rank: 0, node: 0, devices: [] }];
  return addressesOf(await placeRoles(placed, [node(used)], never))['worker']?.[0]?.ports['p'];
}

describe('a port', () => {
  it('is the one asked for, or a free one', async () => {
    expect(await portOf({ fixed: 8000 })).toBe(8000);
    expect(await portOf({})).toBe(40_000);
  });

  it('is below a number where programs take no higher one, and free', async () => {
    const isOdd = (port: number): boolean => port % 2 === 1;
    const port = (await portOf({ below: 10_010 }, isOdd)) ?? 0;

    expect(port).toBeLessThan(10_010);
    expect(port).toBeGreaterThanOrEqual(10_000);
    expect(isOdd(port)).toBe(false);
  });

  it('is refused when it is taken, or all are', async () => {
    const taken = expect.objectContaining({ code: 'SERVER_PORT_IN_USE' }) as unknown;

    await expect(portOf({ fixed: 8000 }, () => true)).rejects.toEqual(taken);
    await expect(portOf({ below: 10_010 }, () => true)).rejects.toEqual(taken);
  });
});

it('is on the node that the plan has for it, or nowhere', async () => {
  const placed = [0, 1].map((number) => ({
    role: ROLE,
    replica: number,
    rank: 0,
    node: number,
    devices: [],
  }));

  await expect(placeRoles(placed, [node(() => false)], never)).rejects.toMatchObject({
    code: 'PLAN_UNSUPPORTED',
    message: expect.stringMatching(/gave 1 nodes/) as unknown,
  });
});

it('has a port of its own, also where the system gives one out twice', async () => {
  const given = [40_000, 40_000, 40_001];
  const executor = { ...node(() => false), freePort: () => Promise.resolve(given.shift() ?? 0) };
  const role = { ...ROLE, replicas: 2, ports: [{ name: 'p' }] };
  const placed = [0, 1].map((replica) => ({ role, replica, rank: 0, node: 0, devices: [] }));

  const replicas = await placeRoles(placed, [executor], never);

  expect(replicas.map(({ address }) => address.ports['p'])).toEqual([40_000, 40_001]);
  const fixed = placed.map((one) => ({ ...one, role: { ...role, ports: [{ name: 'p', fixed: 8000 }] } }));
  await expect(placeRoles(fixed, [executor], never)).rejects.toMatchObject({ code: 'SERVER_PORT_IN_USE' });
});

describe('an IP address that a plan asks for', () => {
  const role: Role = { ...ROLE, argv: ['w', ['--address=', { ref: 'ip', role: 'worker' }]] };
  const placed = [{ role, replica: 0, rank: 0, node: 0, devices: [] }];
  const named = (host: string, found = ''): Executor => ({
    ...scriptedNode({ [`getent ahosts ${host}`]: found }, host).executor,
    node: { name: host, host },
  });
  const other = (found: string): Executor => scriptedNode({ 'getent ahosts n1': found }, 'n2').executor;
  const ipFor = async (executors: readonly Executor[]): Promise<string | undefined> =>
    addressesOf(await placeRoles(placed, executors, never))['worker']?.[0]?.ip;

  it('is the one that another node finds for its name, IPv4 where there is one', async () => {
    const found = 'fd00::2  STREAM n1\n10.0.0.2  STREAM\n10.0.0.2  DGRAM\n';

    expect(await ipFor([named('n1', '127.0.1.1  STREAM n1\n'), other(found)])).toBe('10.0.0.2');
    expect(await ipFor([named('n1'), other('fd00::2  STREAM n1\n')])).toBe('fd00::2');
  });

  it('is not looked for where the node has no name, or the plan does not ask', async () => {
    expect(await ipFor([named('10.0.0.7')])).toBe('10.0.0.7');
    const known = named('n1', '10.0.0.2  STREAM n1\n');
    expect(await ipFor([known])).toBe('10.0.0.2');
    const unasked = await placeRoles([{ ...placed[0]!, role: ROLE }], [known], never);
    expect(unasked[0]?.address.ip).toBe('n1');
  });

  it('fails with both names where it is not known', async () => {
    await expect(ipFor([named('n1'), other('')])).rejects.toMatchObject({
      code: 'NODE_UNFIT',
      message: 'the plan asks for the IP address of n1, which n2 does not know',
      where: { node: 'n1' },
    });
  });
});
