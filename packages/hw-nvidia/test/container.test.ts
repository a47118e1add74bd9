import type { Cluster } from '@sweepline/core';
import { expect, test } from 'vitest';
import { nvidia } from '../dist/nvidia.js';

const cluster: Cluster = {
  name: 'h100-cr',
  sku: 'h100',
  runners: [],
  launcher: 'docker',
  port: 'fixed',
  settings: {},
  options: {},
};
const settings = (strict: boolean) => nvidia.skus.map((sku) => nvidia.container?.(sku, cluster, strict));

test('strict containers are given what the launch scripts give them', () => {
  for (const container of settings(true)) {
    expect(container?.docker.join(' ')).toBe(
      '--runtime=nvidia --gpus=all --ipc=host --privileged --shm-size=16g --ulimit memlock=-1 --ulimit stack=67108864',
    );
    expect(container).toMatchObject({ pyxis: [], env: {} });
  }
});

test('other containers have the devices, and neither the node nor its IPC', () => {
  for (const container of settings(false)) {
    expect(container?.docker).toContain('--gpus=all');
    expect(container?.docker.join(' ')).not.toMatch(/privileged|ipc|cap-add|unconfined/);
    expect(container?.env).toEqual({ CUDA_DEVICE_ORDER: 'PCI_BUS_ID' });
  }
});

test('devices are those that nvidia-smi numbers so', () => {
  expect(nvidia.visibleDevices?.([4, 5, 6, 7])).toEqual({
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: '4,5,6,7',
  });
});
