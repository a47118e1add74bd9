import type { ContainerSettings, HardwarePlugin } from '@sweepline/core';

/** /dev/kfd is how all GPUs are given work, /dev/dri has one device for each of them. */
const DEVICES: readonly string[] = ['--device=/dev/kfd', '--device=/dev/dri'];

/** Engines need these whatever else a container may do. */
const RIGHTS: readonly string[] = [
  // The ranks of a server exchange data in /dev/shm; Docker's own 64 MB are too few for RCCL.
  '--shm-size=16g',
  // A rank opens GPU memory of another by the handle of its process.
  '--cap-add=SYS_PTRACE',
  // Docker's filter forbids binding memory to the CPU socket of a GPU.
  '--security-opt=seccomp=unconfined',
];

/**
 * InferenceX runners/launch_mi300x-amd.sh and launch_mi300x-cr.sh at 7ee5be7: beyond what the GPUs need, containers have all
 * rights on the node, its physical memory and its IPC.
 */
const ORIGINAL: ContainerSettings = {
  docker: [
    ...['--privileged', '--cap-add=CAP_SYS_ADMIN', '--ipc=host', '--device=/dev/mem'],
    ...DEVICES,
    ...RIGHTS,
  ],
  pyxis: [],
  env: {},
};

/**
 * What AMD documents for containers, https://rocm.docs.amd.com/projects/install-on-linux/en/latest/how-to/docker.html, and
 * SYS_PTRACE. Images run as root, who may open the devices without a group. With pyxis, containers have the devices anyway.
 */
const LEAST: ContainerSettings = { docker: [...DEVICES, ...RIGHTS], pyxis: [], env: {} };

export const container: NonNullable<HardwarePlugin['container']> = (_sku, _cluster, strict) =>
  strict ? ORIGINAL : LEAST;

/**
 * ROCR_VISIBLE_DEVICES, which AMD recommends on Linux: it holds for all of ROCm. HIP_VISIBLE_DEVICES counts among the devices
 * that are left, so that naming the same in both would hide all but the first ones.
 */
export const visibleDevices: NonNullable<HardwarePlugin['visibleDevices']> = (devices) => ({
  ROCR_VISIBLE_DEVICES: devices.join(','),
});
