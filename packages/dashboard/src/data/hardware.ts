import type { Sku } from '@sweepline/core';
import type { SiteHardware } from '../site/site-data.js';
import { DEFAULT_ASSUMPTIONS } from '../model/prices.js';

const ALL_IN_SOURCE = {
  what: 'All-in power per GPU: assumption of InferenceX-app, packages/app/src/lib/constants.ts at 77ca49a',
  url: 'https://github.com/SemiAnalysisAI/InferenceX-app',
  date: '2026-11-25',
} as const;

/** What hardware plugins know of their devices, and what is assumed of their all-in power. */
export function hardwareOf(skus: readonly Sku[]): readonly SiteHardware[] {
  return skus.map(
    ({ name, vendor, device, devicesPerNode, sources, cores: _cores, ...known }): SiteHardware => {
      const allInW = DEFAULT_ASSUMPTIONS.find(({ sku }) => sku === name)?.allInW;
      return {
        ...{ sku: name, vendor, device, devicesPerNode, ...known },
        ...(allInW !== undefined && { allInW }),
        sources: allInW === undefined ? sources : [...sources, ALL_IN_SOURCE],
      };
    },
  );
}
