import type { HardwarePlugin, Plugin, Sku } from '@sweepline/core';

/** The vendor's tool, which lists the devices of a node: one line per device. */
const LIST_DEVICES = ['my-plugin-smi', '--list'];

/** Add the figures that you know, each with a source: memoryGiB, tdpW, memoryBandwidthGBps, flops, interconnect, pricePerHour. */
const sku: Sku = {
  name: 'my-plugin',
  vendor: 'my-vendor',
  device: 'gpu',
  devicesPerNode: 8,
  sources: [],
};

export const hardware: HardwarePlugin = {
  kind: 'hardware',
  name: 'my-plugin',
  apiVersion: 2,
  skus: [sku],
  // What a container needs to access the devices, and no more.
  container: () => ({ docker: ['--device=/dev/my-plugin'], pyxis: [], env: {} }),
  // Processes that share a node each see only their own devices.
  visibleDevices: (devices) => ({ MY_PLUGIN_VISIBLE_DEVICES: devices.join(',') }),
  async detect(executor, signal) {
    // Without the tool a node can't be checked: results say that the SKU is only the config's claim.
    const listed = await executor.run({ argv: LIST_DEVICES }, signal).catch(() => undefined);
    if (listed?.exit.code !== 0) return undefined;
    const devices = listed.stdout.split('\n').filter((line) => line.split(' ').includes('my-plugin'));
    if (devices.length === 0) return [];
    const source = { what: LIST_DEVICES.join(' '), date: new Date().toISOString().slice(0, 10) };
    return [{ ...sku, devicesPerNode: devices.length, sources: [source] }];
  },
};

export default [hardware] satisfies readonly Plugin[];
