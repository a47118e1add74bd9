import { expect, it } from 'vitest';
import { createLaunchTester, samplePlan, sampleRole } from '../../src/testing/launch-tester.js';
import { makeTestWorkspace } from '../../src/testing/workspace.js';
import type { Launch, NodeLauncher } from '../../src/index.js';

const ECHO: NodeLauncher = {
  kind: 'launcher',
  name: 'echo',
  apiVersion: 2,
  acquire: () => Promise.reject(new Error('none')),
  commands: (launch) => [{ argv: ['echo', JSON.stringify(launch)], env: {} }],
};
const DEVICES = { docker: ['--gpus=all'], pyxis: [], env: { ORDER: 'bus' } };
const LOGS = { NCCL_DEBUG: 'INFO', NCCL_DEBUG_SUBSYS: 'INIT,NET', UCX_LOG_LEVEL: 'info' };

async function settings(fabric: string, strict = false) {
  const entry = `c: { sku: x1, launcher: echo${fabric === '' ? '' : `, fabric: ${fabric}`} }\n`;
  await using workspace = await makeTestWorkspace({ files: { 'configs/clusters.yaml': entry } });
  const tester = await createLaunchTester([ECHO], workspace.root);
  const [command] = tester.commands({
    ...{ job: { model: 'm', framework: 'acme', tp: 2 }, node: 'c_0', settings: DEVICES, strict },
    plan: samplePlan([sampleRole('repo/name:1')]),
  });
  return (JSON.parse(command?.argv[1] ?? '') as Launch).deviceSettings;
}

it('gives containers RDMA, and the libraries their devices and interfaces', async () => {
  const fabric = '{ rdma: true, interfaces: [eth0, eth1], devices: [mlx5_0, "mlx5_1:2"], imex: true }';
  expect(await settings(fabric)).toEqual({
    docker: [
      ...['--gpus=all', '--device=/dev/infiniband', '--cap-add=IPC_LOCK'],
      '--device=/dev/nvidia-caps-imex-channels/channel0',
    ],
    pyxis: [],
    env: {
      ORDER: 'bus',
      NCCL_SOCKET_IFNAME: '=eth0,eth1',
      GLOO_SOCKET_IFNAME: 'eth0,eth1',
      NCCL_IB_HCA: '=mlx5_0,mlx5_1:2',
      UCX_NET_DEVICES: 'mlx5_0:1,mlx5_1:2',
      MELLANOX_VISIBLE_DEVICES: 'all',
      ...LOGS,
    },
  });
});

it('keeps RDMA away where TCP is meant', async () => {
  expect(await settings('{ rdma: false, interfaces: [eth0] }')).toEqual({
    ...DEVICES,
    env: {
      ORDER: 'bus',
      ...{ NCCL_SOCKET_IFNAME: '=eth0', GLOO_SOCKET_IFNAME: 'eth0', UCX_NET_DEVICES: 'eth0' },
      NCCL_IB_DISABLE: '1',
      ...LOGS,
    },
  });
});

it('changes nothing without a fabric, nor in the original’s plans', async () => {
  expect(await settings('')).toEqual(DEVICES);
  expect(await settings('{ rdma: true }', true)).toEqual(DEVICES);
});
