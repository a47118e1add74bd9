import type { Sku, Source } from '@sweepline/core';

/** A SKU, and what the tools call its GPUs: `AMD Instinct MI300X`, with or without the maker and a suffix such as `OAM`. */
export interface Product {
  readonly sku: Sku;
  readonly reports: RegExp;
}

const TERA = 1e12;

const source = (what: string, url: string): Source => ({ what, url, date: '2026-11-25' });

const INSTINCT = 'https://www.amd.com/en/products/accelerators/instinct';
const INFERENCEX_APP = 'https://github.com/SemiAnalysisAI/InferenceX-app';

const MEMORY = source(
  'AMD GPU specifications: VRAM in GiB',
  'https://rocm.docs.amd.com/en/latest/reference/gpu-specs.html',
);
const PRICE = source(
  'InferenceX-app at 77ca49a, packages/app/src/lib/constants.ts: USD per GPU-hour from SemiAnalysis, TCO model and survey of August 2025',
  INFERENCEX_APP,
);
const TDP = source('InferenceX-app at 77ca49a, gpu-power/types.ts: TDP', INFERENCEX_APP);

const MLPERF = source(
  "MLPerf Inference 4.1, AMD's system of eight MI300X: memory, power, GPUs per node",
  'https://raw.githubusercontent.com/mlcommons/inference_results_v4.1/main/closed/AMD/systems/8xMI300X_2xEPYC-9374F.json',
);

const page = (name: string, path: string): Source =>
  source(`${name}, specifications: dense FLOP/s, memory bandwidth, board power`, `${INSTINCT}/${path}`);

const GPU = { vendor: 'amd', device: 'gpu', devicesPerNode: 8 } as const;

/** AMD prints figures with sparsity beside the dense ones; these are the dense ones. CDNA 3 has no FP4. */
export const PRODUCTS: readonly Product[] = [
  {
    reports: /\bMI300X\b/,
    sku: {
      ...GPU,
      name: 'mi300x',
      memoryGiB: 192,
      memoryBandwidthGBps: 5300,
      flops: { bf16: 1307.4 * TERA, fp16: 1307.4 * TERA, fp8: 2614.9 * TERA },
      tdpW: 750,
      pricePerHour: { hyperscaler: 1.12, neocloud: 1.4, 'rental-3-year': 1.55 },
      sources: [page('AMD Instinct MI300X', 'mi300/mi300x.html'), MEMORY, MLPERF, TDP, PRICE],
    },
  },
  {
    reports: /\bMI325X\b/,
    sku: {
      ...GPU,
      name: 'mi325x',
      memoryGiB: 256,
      memoryBandwidthGBps: 6000,
      flops: { bf16: 1307.4 * TERA, fp16: 1307.4 * TERA, fp8: 2614.9 * TERA },
      tdpW: 1000,
      pricePerHour: { hyperscaler: 1.28, neocloud: 1.59, 'rental-3-year': 1.8 },
      sources: [page('AMD Instinct MI325X', 'mi300/mi325x.html'), MEMORY, TDP, PRICE],
    },
  },
  {
    reports: /\bMI355X\b/,
    sku: {
      ...GPU,
      name: 'mi355x',
      memoryGiB: 288,
      memoryBandwidthGBps: 8000,
      flops: { bf16: 2516.6 * TERA, fp16: 2516.6 * TERA, fp8: 5033.2 * TERA, fp4: 10_100 * TERA },
      tdpW: 1400,
      pricePerHour: { hyperscaler: 1.48, neocloud: 1.9, 'rental-3-year': 2.1 },
      sources: [page('AMD Instinct MI355X', 'mi350/mi355x.html'), MEMORY, TDP, PRICE],
    },
  },
];
