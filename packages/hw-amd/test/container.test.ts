import type { Cluster } from '@sweepline/core';
import { expect, test } from 'vitest';
import { amd } from '../dist/amd.js';

const cluster: Cluster = {
  name: 'mi300x-cr',
  sku: 'mi300x',
  runners: [],
  launcher: 'docker',
  port: 'fixed',
  settings: {},
  options: {},
};
const settings = (strict: boolean) => amd.skus.map((sku) => amd.container?.(sku, cluster, strict));

test('strict containers are given what the launch scripts give them', () => {
  for (const container of settings(true)) {
    expect([...(container?.docker ?? [])].sort()).toEqual([
      '--cap-add=CAP_SYS_ADMIN',
      '--cap-add=SYS_PTRACE',
      '--device=/dev/dri',
      '--device=/dev/kfd',
      '--device=/dev/mem',
      '--ipc=host',
      '--privileged',
      '--security-opt=seccomp=unconfined',
      '--shm-size=16g',
    ]);
    expect(container).toMatchObject({ pyxis: [], env: {} });
  }
});

test('other containers have the devices, and neither the node, its memory nor its IPC', () => {
  for (const container of settings(false)) {
    expect(container?.docker).toEqual(expect.arrayContaining(['--device=/dev/kfd', '--device=/dev/dri']));
    expect(container?.docker.join(' ')).not.toMatch(/privileged|ipc|SYS_ADMIN|dev\/mem/);
  }
});

test('devices are hidden from all of ROCm, and not once more from HIP', () => {
  expect(amd.visibleDevices?.([4, 5])).toEqual({ ROCR_VISIBLE_DEVICES: '4,5' });
});
