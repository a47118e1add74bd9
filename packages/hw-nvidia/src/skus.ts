import type { Sku, Source } from '@sweepline/core';

/** A SKU, and nvidia-smi's name for its GPUs. PCIe and NVL boards with the same chip are other SKUs, because they have other figures. */
export interface Product {
  readonly sku: Sku;
  readonly reports: RegExp;
}

const TERA = 1e12;

/** GiB from nvidia-smi's MiB. */
const mib = (count: number): number => Math.round((count / 1024) * 100) / 100;

const source = (what: string, url: string): Source => ({ what, url, date: '2026-11-25' });

const DASHBOARD = 'https://github.com/SemiAnalysisAI/InferenceX-app/blob/77ca49a/packages/app/src';
const CONFIGURATOR =
  'https://github.com/ai-dynamo/aiconfigurator/blob/095f58a/aic-core/src/aiconfigurator_core/systems';

/** NVIDIA's own model of a system: dense FLOP/s, memory bandwidth, power, GPUs per node, NVLink in one direction. */
const system = (name: string, memory = ''): Source =>
  source(`NVIDIA's aiconfigurator at 095f58a, ${name}.yaml${memory}`, `${CONFIGURATOR}/${name}.yaml`);

const DOMAIN = source(
  'InferenceX-app at 77ca49a: generation of NVLink, size of its GPU domain; the same dense FLOP/s',
  `${DASHBOARD}/lib/gpu-specs.ts`,
);
const PRICE = source(
  "InferenceX-app at 77ca49a, April 2026: USD per GPU-hour by SemiAnalysis' TCO model and survey of August 2025",
  `${DASHBOARD}/lib/constants.ts`,
);

const HOPPER = {
  vendor: 'nvidia',
  device: 'gpu',
  devicesPerNode: 8,
  architecture: 'amd64',
  interconnect: { name: 'NVLink 4', gBps: 450, domain: 8 },
  flops: { bf16: 989 * TERA, fp8: 1978 * TERA },
  tdpW: 700,
} as const;

const BLACKWELL = {
  vendor: 'nvidia',
  device: 'gpu',
  devicesPerNode: 8,
  architecture: 'amd64',
  interconnect: { name: 'NVLink 5', gBps: 900, domain: 8 },
} as const;

/** A node is one of a rack's eighteen trays, with Grace CPUs; NVLink connects the whole rack. */
const NVL72 = {
  ...BLACKWELL,
  devicesPerNode: 4,
  architecture: 'arm64',
  interconnect: { name: 'NVLink 5', gBps: 900, domain: 72 },
  memoryBandwidthGBps: 8000,
} as const;

/**
 * Memory is the figure of nvidia-smi if an output was found: the GB in product names are neither GiB nor the whole memory. B300 and GB300
 * have no price: those of InferenceX-app are placeholders, 1.2 times the older generation's.
 */
export const PRODUCTS: readonly Product[] = [
  {
    reports: /^NVIDIA H100 80GB HBM3$/,
    sku: {
      ...HOPPER,
      name: 'h100',
      memoryGiB: mib(81_559),
      memoryBandwidthGBps: 3350,
      pricePerHour: { hyperscaler: 1.3, neocloud: 1.69, 'rental-3-year': 1.3 },
      sources: [
        source(
          'nvidia-smi of eight H100 SXM: 81559 MiB, 700 W',
          'https://github.com/NVIDIA/nccl/issues/1264',
        ),
        system('h100_sxm'),
        DOMAIN,
        PRICE,
      ],
    },
  },
  {
    reports: /^NVIDIA H200$/,
    sku: {
      ...HOPPER,
      name: 'h200',
      memoryGiB: 141,
      memoryBandwidthGBps: 4800,
      pricePerHour: { hyperscaler: 1.41, neocloud: 1.74, 'rental-3-year': 1.6 },
      sources: [system('h200_sxm', '; memory too: 141 GiB'), DOMAIN, PRICE],
    },
  },
  {
    reports: /^NVIDIA B200$/,
    sku: {
      ...BLACKWELL,
      name: 'b200',
      memoryGiB: mib(183_359),
      memoryBandwidthGBps: 7700,
      flops: { bf16: 2250 * TERA, fp8: 4500 * TERA, fp4: 9000 * TERA },
      tdpW: 1000,
      pricePerHour: { hyperscaler: 1.95, neocloud: 2.34, 'rental-3-year': 2.9 },
      sources: [
        source(
          'nvidia-smi of eight B200: 183359 MiB, 1000 W',
          'https://github.com/NVIDIA/TensorRT-LLM/issues/10278',
        ),
        source(
          'Memory clock and bus width as read on a B200: 7.67 TB/s, not the 8 of some tables',
          'https://github.com/pytorch/ao/pull/4002',
        ),
        system('b200_sxm'),
        DOMAIN,
        PRICE,
      ],
    },
  },
  {
    reports: /^NVIDIA B300\b/,
    sku: {
      ...BLACKWELL,
      name: 'b300',
      memoryGiB: mib(275_040),
      memoryBandwidthGBps: 7750,
      // Dense FP4 is 14 in NVIDIA's data sheet; InferenceX-app has 13.5, and 1200 W.
      flops: { bf16: 2250 * TERA, fp8: 4500 * TERA, fp4: 14_000 * TERA },
      tdpW: 1100,
      sources: [
        system('b300_sxm', ', after the Blackwell Ultra data sheet; memory too: 275040 MiB by nvidia-smi'),
        source(
          'Verda, table of B200, B300, GB200 and GB300 per GPU: dense FP4 of 14 PFLOP/s, 1.1 kW',
          'https://verda.com/blog/gb300-nvl72-architecture',
        ),
        DOMAIN,
      ],
    },
  },
  {
    reports: /^NVIDIA GB200$/,
    sku: {
      ...NVL72,
      name: 'gb200',
      memoryGiB: mib(189_471),
      flops: { bf16: 2500 * TERA, fp8: 5000 * TERA, fp4: 10_000 * TERA },
      tdpW: 1200,
      pricePerHour: { hyperscaler: 2.21, neocloud: 2.75, 'rental-3-year': 3.3 },
      sources: [system('gb200', '; memory too: 189471 MiB by nvidia-smi'), DOMAIN, PRICE],
    },
  },
  {
    reports: /^NVIDIA GB300$/,
    sku: {
      ...NVL72,
      name: 'gb300',
      memoryGiB: mib(284_208),
      flops: { bf16: 2500 * TERA, fp8: 5000 * TERA, fp4: 15_000 * TERA },
      tdpW: 1400,
      sources: [
        system('gb300', ', after the Blackwell Ultra data sheet; memory too: 284208 MiB by nvidia-smi'),
        DOMAIN,
      ],
    },
  },
];
