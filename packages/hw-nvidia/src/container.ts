import type { ContainerSettings, HardwarePlugin } from '@sweepline/core';

/** Devices in the order in which nvidia-smi numbers them, not the fastest first: telemetry and processes mean the same. */
const BUS_ORDER = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' } as const;

/** Engines need these whatever else a container may do. */
const LIMITS: readonly string[] = [
  // The ranks of a server exchange data in /dev/shm; Docker's own 64 MB are too few for NCCL.
  '--shm-size=16g',
  // GPUs and network cards read and write host memory only where it is locked.
  ...['--ulimit', 'memlock=-1'],
  // Threads of NCCL and of compiled kernels need deeper stacks than the usual 8 MB.
  ...['--ulimit', 'stack=67108864'],
];

/**
 * InferenceX runners/launch_h100-cr.sh and launch_b200-dgxc.sh at 7ee5be7: beyond what the GPUs need, containers have all
 * rights on the node and its IPC.
 */
const ORIGINAL: ContainerSettings = {
  docker: ['--runtime=nvidia', '--gpus=all', '--ipc=host', '--privileged', ...LIMITS],
  pyxis: [],
  env: {},
};

/**
 * `--gpus` alone has NVIDIA's container toolkit add the devices and the driver. With pyxis, enroot's hook does that for
 * images that ask for it, as all of CUDA's do.
 */
const LEAST: ContainerSettings = { docker: ['--gpus=all', ...LIMITS], pyxis: [], env: BUS_ORDER };

export const container: NonNullable<HardwarePlugin['container']> = (_sku, _cluster, strict) =>
  strict ? ORIGINAL : LEAST;

export const visibleDevices: NonNullable<HardwarePlugin['visibleDevices']> = (devices) => ({
  ...BUS_ORDER,
  CUDA_VISIBLE_DEVICES: devices.join(','),
});
