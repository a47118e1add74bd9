import type { HardwarePlugin, NodeFacts, Sku } from '@sweepline/core';
import { probe, type CpuReport } from './probe.js';

const BYTES_PER_GIB = 1024 ** 3;

/** A node's CPU as a kind of device. Its performance depends on the machine, so no figures are claimed in advance. */
const CPU: Sku = { name: 'cpu', vendor: 'unknown', device: 'cpu', devicesPerNode: 1, sources: [] };

/** Names in CPU models, and their makers. */
const VENDORS: readonly (readonly [RegExp, string])[] = [
  [/intel/i, 'intel'],
  [/amd/i, 'amd'],
  [/apple/i, 'apple'],
  [/neoverse|cortex|arm/i, 'arm'],
];

/** The host's CPU as SKU `cpu`: all of a node's cores are its one device. */
export const cpu: HardwarePlugin = {
  kind: 'hardware',
  name: 'cpu',
  apiVersion: 2,
  skus: [CPU],
  detect: async (executor, signal) => [detected(await probe(executor, signal))],
  preflight: async (executor, signal) => facts(await probe(executor, signal)),
};

function detected({ model, cores, memory }: CpuReport): Sku {
  const date = new Date().toISOString().slice(0, 10);
  return {
    ...CPU,
    vendor: VENDORS.find(([name]) => name.test(model))?.[1] ?? CPU.vendor,
    memoryGiB: toGiB(memory),
    cores,
    sources: [{ what: `the operating system of the node: ${model}`, date }],
  };
}

function facts({ model, cores, memory, freeMemory, load, kernel, arch }: CpuReport): NodeFacts {
  return {
    'cpu-model': model,
    arch,
    kernel,
    cores,
    'load-1m': load,
    'memory-gib': toGiB(memory),
    'free-memory-gib': toGiB(freeMemory),
  };
}

function toGiB(bytes: number): number {
  return Math.round((bytes / BYTES_PER_GIB) * 100) / 100;
}
