import type { Fabric } from '../config/schema/fabric.js';
import { NO_CONTAINER_SETTINGS, type ContainerSettings } from '../plugin/hardware.js';
import type { ResolvedRunner } from './runners.js';

/** Where drivers put RDMA devices: `rdma_cm`, `uverbs0`, … */
const RDMA_DEVICES = '/dev/infiniband';
/** NVIDIA's IMEX guide: a driver has channel 0 unless it is configured otherwise. */
const IMEX_CHANNEL = '/dev/nvidia-caps-imex-channels/channel0';

/**
 * Settings of containers on a runner's nodes: for devices from the hardware plugin, for the fabric from the cluster's entry.
 * Pure. `strict`: the original's, which has no fabric settings.
 */
export function containerSettingsOf(
  { hardware, sku, cluster }: ResolvedRunner,
  strict = false,
): ContainerSettings {
  if (cluster === undefined) return NO_CONTAINER_SETTINGS;
  const devices = hardware.plugin.container?.(sku, cluster, strict) ?? NO_CONTAINER_SETTINGS;
  if (strict || cluster.fabric === undefined) return devices;
  return {
    docker: [...devices.docker, ...dockerArguments(cluster.fabric)],
    pyxis: devices.pyxis,
    env: { ...devices.env, ...fabricEnvironment(cluster.fabric) },
  };
}

/**
 * With pyxis, enroot's hooks 98-nvidia.sh and 99-mellanox.sh mount these devices, and containers run with their user's own
 * rights.
 */
function dockerArguments({ rdma, imex }: Fabric): readonly string[] {
  return [
    // RDMA can only access host memory that is locked.
    ...(rdma ? [`--device=${RDMA_DEVICES}`, '--cap-add=IPC_LOCK'] : []),
    ...(imex ? [`--device=${IMEX_CHANNEL}`] : []),
  ];
}

/**
 * NCCL_*, which RCCL reads too: https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/env.html, where `=` asks for exactly these
 * names. GLOO_SOCKET_IFNAME: https://docs.pytorch.org/docs/stable/distributed.html. UCX_*:
 * https://openucx.readthedocs.io/en/master/faq.html. MELLANOX_VISIBLE_DEVICES: enroot's doc/standard-hooks.md.
 */
function fabricEnvironment({ rdma, interfaces, devices }: Fabric): Readonly<Record<string, string>> {
  const ucxDevices = devices?.map(withPort) ?? (rdma ? undefined : interfaces);
  return {
    ...(interfaces && {
      NCCL_SOCKET_IFNAME: `=${interfaces.join(',')}`,
      GLOO_SOCKET_IFNAME: interfaces.join(','),
    }),
    ...(devices && { NCCL_IB_HCA: `=${devices.join(',')}` }),
    ...(ucxDevices && { UCX_NET_DEVICES: ucxDevices.join(',') }),
    ...(rdma ? { MELLANOX_VISIBLE_DEVICES: 'all' } : { NCCL_IB_DISABLE: '1' }),
    // Makes logs show which transport is used.
    ...{ NCCL_DEBUG: 'INFO', NCCL_DEBUG_SUBSYS: 'INIT,NET', UCX_LOG_LEVEL: 'info' },
  };
}

/** The device's name in UCX. */
function withPort(device: string): string {
  return device.includes(':') ? device : `${device}:1`;
}
