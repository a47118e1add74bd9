import type { ContainerSettings, HardwarePlugin } from '@sweepline/core';

/** Numbers devices like nvidia-smi, not with the fastest first, so that telemetry and processes use the same numbers. */
const BUS_ORDER = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' } as const;

/** Engines always need these. */
const LIMITS: readonly string[] = [
  // The ranks of a server exchange data in /dev/shm; Docker's default of 64 MB is too little for NCCL.
  '--shm-size=16g',
  // GPUs and network cards access host memory only if it is locked.
  ...['--ulimit', 'memlock=-1'],
  // Threads of NCCL and of compiled kernels need deeper stacks than the usual 8 MB.
  ...['--ulimit', 'stack=67108864'],
];

/**
 * InferenceX runners/launch_h100-cr.sh and launch_b200-dgxc.sh at 7ee5be7: in addition to what the GPUs need, containers have all rights on
 * the node and access to its IPC.
 */
const ORIGINAL: ContainerSettings = {
  docker: ['--runtime=nvidia', '--gpus=all', '--ipc=host', '--privileged', ...LIMITS],
  pyxis: [],
  env: {},
};

/**
 * With `--gpus`, NVIDIA's container toolkit adds the devices and the driver. With pyxis, enroot's hook does so for images that request it,
 * as all CUDA images do.
 */
const LEAST: ContainerSettings = { docker: ['--gpus=all', ...LIMITS], pyxis: [], env: BUS_ORDER };

export const container: NonNullable<HardwarePlugin['container']> = (_sku, _cluster, strict) =>
  strict ? ORIGINAL : LEAST;

export const visibleDevices: NonNullable<HardwarePlugin['visibleDevices']> = (devices) => ({
  ...BUS_ORDER,
  CUDA_VISIBLE_DEVICES: devices.join(','),
});
