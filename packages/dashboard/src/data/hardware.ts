import type { Sku } from '@sweepline/core';
import type { SiteHardware } from '../site/site-data.js';
import { ALL_IN_KW, ALL_IN_SOURCE } from './all-in-power.js';

/** What hardware plugins know of their devices, and what is assumed of their all-in power. */
export function hardwareOf(skus: readonly Sku[]): readonly SiteHardware[] {
  return skus.map(
    ({ name, vendor, device, devicesPerNode, sources, cores: _cores, ...known }): SiteHardware => {
      const kw = Object.hasOwn(ALL_IN_KW, name) ? ALL_IN_KW[name] : undefined;
      return {
        ...{ sku: name, vendor, device, devicesPerNode, ...known },
        ...(kw !== undefined && { allInW: kw * 1000 }),
        sources: kw === undefined ? sources : [...sources, ALL_IN_SOURCE],
      };
    },
  );
}
