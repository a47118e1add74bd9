import type { ContainerSettings, HardwarePlugin } from '@sweepline/core';

/** All GPUs get work through /dev/kfd; /dev/dri has one device per GPU. */
const DEVICES: readonly string[] = ['--device=/dev/kfd', '--device=/dev/dri'];

/** Engines always need these. */
const RIGHTS: readonly string[] = [
  // The ranks of a server exchange data in /dev/shm; Docker's default of 64 MB is too little for RCCL.
  '--shm-size=16g',
  // A rank opens another rank's GPU memory by a handle of its process.
  '--cap-add=SYS_PTRACE',
  // Docker's default filter forbids binding memory to the CPU socket of a GPU.
  '--security-opt=seccomp=unconfined',
];

/**
 * InferenceX runners/launch_mi300x-amd.sh and launch_mi300x-cr.sh at 7ee5be7: in addition to what the GPUs need, containers have all rights
 * on the node, and access to its physical memory and its IPC.
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
 * The options that AMD documents for containers, https://rocm.docs.amd.com/projects/install-on-linux/en/latest/how-to/docker.html, and
 * SYS_PTRACE. Images run as root, which may open the devices without a group. With pyxis, containers have the devices anyway.
 */
const LEAST: ContainerSettings = { docker: [...DEVICES, ...RIGHTS], pyxis: [], env: {} };

export const container: NonNullable<HardwarePlugin['container']> = (_sku, _cluster, strict) =>
  strict ? ORIGINAL : LEAST;

/**
 * ROCR_VISIBLE_DEVICES, which AMD recommends on Linux, because it applies to all of ROCm. HIP_VISIBLE_DEVICES counts only the devices that
 * remain, so the same list in both would hide all but the first ones.
 */
export const visibleDevices: NonNullable<HardwarePlugin['visibleDevices']> = (devices) => ({
  ROCR_VISIBLE_DEVICES: devices.join(','),
});
