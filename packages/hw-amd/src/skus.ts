import type { Sku, Source } from '@sweepline/core';

/** A SKU, and the tools' name for its GPUs: `AMD Instinct MI300X`, with or without the maker and a suffix such as `OAM`. */
export interface Product {
  readonly sku: Sku;
  readonly reports: RegExp;
}

const TERA = 1e12;

const source = (what: string, url: string): Source => ({ what, url, date: '2026-11-25' });

const DASHBOARD = 'https://github.com/SemiAnalysisAI/InferenceX-app/blob/77ca49a';

const MEMORY = source(
  'AMD GPU specifications: VRAM in GiB',
  'https://rocm.docs.amd.com/en/7.13.0-preview/reference/gpu-specs.html',
);
const FIGURES = source(
  'InferenceX-app at 77ca49a: dense FLOP/s, memory bandwidth, size of the GPU domain',
  `${DASHBOARD}/packages/app/src/lib/gpu-specs.ts`,
);
const LINKS = source(
  'InferenceX-app at 77ca49a: seven links per GPU, of 64 GB/s in one direction and 76.8 on MI355X',
  `${DASHBOARD}/docs/gpu-specs.md`,
);
const TDP = source(
  'InferenceX-app at 77ca49a: TDP',
  `${DASHBOARD}/packages/app/src/components/gpu-power/types.ts`,
);
const PRICE = source(
  "InferenceX-app at 77ca49a, April 2026: USD per GPU-hour by SemiAnalysis' TCO model and survey of August 2025",
  `${DASHBOARD}/packages/app/src/lib/constants.ts`,
);
const COMMON = [MEMORY, FIGURES, LINKS, TDP, PRICE];

/** CDNA 3 has no FP4. */
const CDNA3 = {
  vendor: 'amd',
  device: 'gpu',
  devicesPerNode: 8,
  architecture: 'amd64',
  interconnect: { name: 'Infinity Fabric', gBps: 7 * 64, domain: 8 },
  flops: { bf16: 1307 * TERA, fp8: 2615 * TERA },
} as const;

export const PRODUCTS: readonly Product[] = [
  {
    reports: /\bMI300X\b/,
    sku: {
      ...CDNA3,
      name: 'mi300x',
      memoryGiB: 192,
      memoryBandwidthGBps: 5300,
      tdpW: 750,
      pricePerHour: { hyperscaler: 1.12, neocloud: 1.4, 'rental-3-year': 1.55 },
      sources: [
        ...COMMON,
        source(
          "MLPerf Inference 4.1, AMD's system of eight MI300X: memory, 750 W, GPUs per node",
          'https://raw.githubusercontent.com/mlcommons/inference_results_v4.1/main/closed/AMD/systems/8xMI300X_2xEPYC-9374F.json',
        ),
      ],
    },
  },
  {
    reports: /\bMI325X\b/,
    sku: {
      ...CDNA3,
      name: 'mi325x',
      memoryGiB: 256,
      memoryBandwidthGBps: 6000,
      tdpW: 1000,
      pricePerHour: { hyperscaler: 1.28, neocloud: 1.59, 'rental-3-year': 1.8 },
      sources: [
        ...COMMON,
        source(
          'Awesome Agents, MI325X: 1307.4 and 2614.9 dense TFLOP/s, as many as an MI300X',
          'https://awesomeagents.ai/hardware/amd-mi325x',
        ),
      ],
    },
  },
  {
    reports: /\bMI355X\b/,
    sku: {
      vendor: 'amd',
      device: 'gpu',
      devicesPerNode: 8,
      architecture: 'amd64',
      name: 'mi355x',
      memoryGiB: 288,
      memoryBandwidthGBps: 8000,
      // InferenceX-app's table has 576 GB/s; its own links add up to 537.6.
      interconnect: { name: 'Infinity Fabric', gBps: 7 * 76.8, domain: 8 },
      flops: { bf16: 2516 * TERA, fp8: 5033 * TERA, fp4: 10_066 * TERA },
      tdpW: 1400,
      pricePerHour: { hyperscaler: 1.48, neocloud: 1.9, 'rental-3-year': 2.1 },
      sources: COMMON,
    },
  },
];
