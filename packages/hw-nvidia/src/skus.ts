import type { Sku, Source } from '@sweepline/core';

/** A SKU, and what nvidia-smi calls its GPUs. PCIe and NVL boards of the same chip are others: they have other figures. */
export interface Product {
  readonly sku: Sku;
  readonly reports: RegExp;
}

const TERA = 1e12;

const source = (what: string, url: string): Source => ({ what, url, date: '2026-11-25' });

const MLPERF = 'https://raw.githubusercontent.com/mlcommons';
const INFERENCEX_APP = 'https://github.com/SemiAnalysisAI/InferenceX-app';

const HOPPER = source(
  'NVIDIA H100 Tensor Core GPU Architecture, white paper: dense FLOP/s of the SXM5 board',
  'https://resources.nvidia.com/en-us-tensor-core',
);
const HGX = source(
  'NVIDIA HGX platform, specifications of eight GPUs; FP8 and FP16 are printed with sparsity, dense is half of that',
  'https://www.nvidia.com/en-us/data-center/hgx/',
);
const ULTRA = source(
  'NVIDIA Technical Blog, Inside NVIDIA Blackwell Ultra: dense FP4, memory bandwidth, power',
  'https://developer.nvidia.com/blog/inside-nvidia-blackwell-ultra-the-chip-powering-the-ai-factory-era',
);
/** A B300's chip carries 288 GB; this is what its systems leave to use. */
const ULTRA_MEMORY = source(
  'Verda, NVIDIA GB300 NVL72 architecture: table of B200, B300, GB200 and GB300 per GPU, without sparsity',
  'https://verda.com/blog/gb300-nvl72-architecture',
);
const PRICE = source(
  'InferenceX-app at 77ca49a, packages/app/src/lib/constants.ts: USD per GPU-hour from SemiAnalysis, TCO model and survey of August 2025',
  INFERENCEX_APP,
);
const TDP = source('InferenceX-app at 77ca49a, gpu-power/types.ts: TDP', INFERENCEX_APP);

const GPU = { vendor: 'nvidia', device: 'gpu' } as const;

/**
 * What the vendor calls GB of device memory is within 1 % of a GiB: nvidia-smi has 81559 MiB for an H100's 80 GB.
 * B300 and GB300 have no price: the published ones are placeholders. B300 has no TDP: sources say 1100, 1200 and 1400 W.
 */
export const PRODUCTS: readonly Product[] = [
  {
    reports: /^NVIDIA H100 80GB HBM3$/,
    sku: {
      ...GPU,
      name: 'h100',
      devicesPerNode: 8,
      memoryGiB: 80,
      memoryBandwidthGBps: 3350,
      flops: { bf16: 989.4 * TERA, fp16: 989.4 * TERA, fp8: 1978.9 * TERA },
      tdpW: 700,
      pricePerHour: { hyperscaler: 1.3, neocloud: 1.69, 'rental-3-year': 1.3 },
      sources: [
        source(
          'NVIDIA H100, specifications: memory, its bandwidth',
          'https://www.nvidia.com/en-us/data-center/h100/',
        ),
        HOPPER,
        TDP,
        PRICE,
      ],
    },
  },
  {
    reports: /^NVIDIA H200$/,
    sku: {
      ...GPU,
      name: 'h200',
      devicesPerNode: 8,
      memoryGiB: 141,
      memoryBandwidthGBps: 4800,
      flops: { bf16: 989.4 * TERA, fp16: 989.4 * TERA, fp8: 1978.9 * TERA },
      tdpW: 700,
      pricePerHour: { hyperscaler: 1.41, neocloud: 1.74, 'rental-3-year': 1.6 },
      sources: [
        source(
          'NVIDIA H200, specifications: memory, its bandwidth, the FLOP/s of an H100',
          'https://www.nvidia.com/en-us/data-center/h200/',
        ),
        source(
          "MLPerf Inference 4.1, NVIDIA's system of eight: memory, power",
          `${MLPERF}/inference_results_v4.1/main/closed/NVIDIA/systems/H200-SXM-141GBx8_TRT_MaxQ.json`,
        ),
        HOPPER,
        PRICE,
      ],
    },
  },
  {
    reports: /^NVIDIA B200$/,
    sku: {
      ...GPU,
      name: 'b200',
      devicesPerNode: 8,
      memoryGiB: 180,
      memoryBandwidthGBps: 8000,
      flops: { bf16: 2250 * TERA, fp16: 2250 * TERA, fp8: 4500 * TERA, fp4: 9000 * TERA },
      tdpW: 1000,
      pricePerHour: { hyperscaler: 1.95, neocloud: 2.34, 'rental-3-year': 2.9 },
      sources: [
        HGX,
        source(
          'NVIDIA DGX B200, specifications: memory bandwidth of eight GPUs',
          'https://www.nvidia.com/en-us/data-center/dgx-b200/',
        ),
        source(
          "MLPerf Inference 6.0, Nebius's system of eight: memory, power",
          `${MLPERF}/inference_results_v6.0/main/closed/Nebius/systems/nebius_b200_n1.json`,
        ),
        PRICE,
      ],
    },
  },
  {
    reports: /^NVIDIA B300\b/,
    sku: {
      ...GPU,
      name: 'b300',
      devicesPerNode: 8,
      memoryGiB: 270,
      memoryBandwidthGBps: 8000,
      flops: { bf16: 2250 * TERA, fp16: 2250 * TERA, fp8: 4500 * TERA, fp4: 13_500 * TERA },
      sources: [HGX, ULTRA, ULTRA_MEMORY],
    },
  },
  {
    reports: /^NVIDIA GB200$/,
    sku: {
      ...GPU,
      name: 'gb200',
      devicesPerNode: 4,
      memoryGiB: 186,
      memoryBandwidthGBps: 8000,
      flops: { bf16: 2500 * TERA, fp16: 2500 * TERA, fp8: 5000 * TERA, fp4: 10_000 * TERA },
      tdpW: 1200,
      pricePerHour: { hyperscaler: 2.21, neocloud: 2.75, 'rental-3-year': 3.3 },
      sources: [
        source(
          'NVIDIA GB200 NVL72, specifications of 72 GPUs, with sparsity; memory bandwidth',
          'https://www.nvidia.com/en-us/data-center/gb200-nvl72/',
        ),
        source(
          "MLPerf Inference 6.1, Crusoe's system: memory, GPUs per node",
          `${MLPERF}/inference_results_v6.1/main/closed/Crusoe/systems/GB200-NVL72_GB200-186GB_aarch64x16_Dynamo.json`,
        ),
        TDP,
        PRICE,
      ],
    },
  },
  {
    reports: /^NVIDIA GB300$/,
    sku: {
      ...GPU,
      name: 'gb300',
      devicesPerNode: 4,
      memoryGiB: 279,
      memoryBandwidthGBps: 8000,
      flops: { bf16: 2500 * TERA, fp16: 2500 * TERA, fp8: 5000 * TERA, fp4: 15_000 * TERA },
      tdpW: 1400,
      sources: [
        source(
          'NVIDIA GB300 NVL72, specifications of 72 GPUs in 18 trays; FP8 and FP16 are printed with sparsity',
          'https://www.nvidia.com/en-us/data-center/gb300-nvl72/',
        ),
        ULTRA,
        ULTRA_MEMORY,
      ],
    },
  },
];
