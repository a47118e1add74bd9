import type { Cluster } from './cluster.js';
import type { Executor, NodeFacts } from './node.js';
import type { PluginBase } from './base.js';

/** Where a figure comes from. */
export interface Source {
  readonly what: string;
  readonly url?: string;
  /** ISO date on which it was looked up. */
  readonly date: string;
}

/** A kind of device, such as `h200` or `cpu`. Figures that are not known are left out. */
export interface Sku {
  /** Kebab-case; the `hw` of result rows. */
  readonly name: string;
  readonly vendor: string;
  /** Kebab-case: `gpu`, `cpu`, or another kind of accelerator. */
  readonly device: string;
  /** Devices that a job's tp × pp × pcp may use on one node. */
  readonly devicesPerNode: number;
  /** What the CPUs of its nodes run, as container images name it. */
  readonly architecture?: 'amd64' | 'arm64';
  /** GiB per device. */
  readonly memoryGiB?: number;
  /** CPU cores per device, for SKUs that are CPUs. */
  readonly cores?: number;
  /** GB/s per device. */
  readonly memoryBandwidthGBps?: number;
  /** How the devices of a scale-up domain reach each other. */
  readonly interconnect?: Interconnect;
  /** Dense FLOP/s per device, by precision. */
  readonly flops?: Readonly<Record<string, number>>;
  /** Watts per device. */
  readonly tdpW?: number;
  /** USD per device-hour, by kind of offer. */
  readonly pricePerHour?: Readonly<Record<string, number>>;
  readonly sources: readonly Source[];
}

export interface Interconnect {
  /** Such as `NVLink 5`. */
  readonly name: string;
  /** GB/s that a device can send; vendors print twice this, the sum of both directions. */
  readonly gBps: number;
  /** Devices that reach each other this way; more than a node has where a rack is one domain. */
  readonly domain: number;
}

/** One reading of a node's devices. */
export interface TelemetrySample {
  /** When it was taken, or came, by the clock of the machine that Sweepline runs on. */
  readonly unixMs: number;
  /** Its number on the node, from 0, as processes are given devices. */
  readonly device: number;
  readonly powerW?: number;
  /** The driver's own count of what the device has drawn, J, since some moment in its past. */
  readonly energyJ?: number;
  /** Share of the time that the device was busy, from 0 to 1. */
  readonly utilization?: number;
  readonly memoryUsedGiB?: number;
  readonly temperatureC?: number;
}

/** What a container must be given to reach the devices, for each way of starting one. */
export interface ContainerSettings {
  /** Arguments of `docker run`. */
  readonly docker: readonly string[];
  /** Arguments of `srun` with pyxis. */
  readonly pyxis: readonly string[];
  /** Environment inside. */
  readonly env: Readonly<Record<string, string>>;
}

/** Of hardware that needs nothing to be reached from a container. */
export const NO_CONTAINER_SETTINGS: ContainerSettings = { docker: [], pyxis: [], env: {} };

export interface HardwarePlugin extends PluginBase {
  readonly kind: 'hardware';
  readonly skus: readonly Sku[];
  /** Pure. `strict`: the original's, which gives containers more than they need. */
  container?(sku: Sku, cluster: Cluster, strict: boolean): ContainerSettings;
  /** Environment that shows a process these devices of its node alone. Pure. */
  visibleDevices?(devices: readonly number[]): Readonly<Record<string, string>>;
  /**
   * Its SKUs as found on a node, with what can be read there filled in; empty when there are none, undefined where the node
   * doesn't let one tell. A job whose SKU isn't found is not run.
   */
  detect?(executor: Executor, signal: AbortSignal): Promise<readonly Sku[] | undefined>;
  /**
   * What a result has to say about the node: driver, firmware, clocks, load.
   * @throws {SweeplineError} NODE_BUSY when something else computes on its devices.
   */
  preflight?(executor: Executor, signal: AbortSignal): Promise<NodeFacts>;
  telemetry?(executor: Executor, signal: AbortSignal): AsyncIterable<TelemetrySample>;
  /** The tool and the field that `powerW` comes from, such as `nvidia-smi: power.draw`: fields of one tool differ. */
  readonly powerSource?: string;
  /** The same of `energyJ`. */
  readonly counterSource?: string;
}
