/** A framework from one of Sweepline's packages, for jobs on one node. */
export interface KnownFramework {
  readonly package: string;
  /** Other packages that it needs, with their version ranges. */
  readonly needs?: Readonly<Record<string, string>>;
  /** Packages that would be downloaded and not used, and their replacements: `overrides` of package.json. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Images by SKU: those of the workspace's own configs. `host` if it runs without a container. */
  readonly images: Readonly<Record<string, string>>;
}

const LLAMA_CPP = '3.22.1';
/** CUDA and Vulkan builds, 700 MB that a CPU can't use. They are replaced by a build for another platform, which npm then skips. */
const LLAMA_CPP_GPU_BUILDS = [
  ...['linux-x64-cuda', 'linux-x64-cuda-ext', 'linux-x64-vulkan'],
  ...['win-x64-cuda', 'win-x64-cuda-ext', 'win-x64-vulkan'],
];
const VLLM = 'vllm/vllm-openai:v0.13.0';
const VLLM_ROCM = 'vllm/vllm-openai-rocm:v0.14.0';
const SGLANG_MI30X = 'lmsysorg/sglang:v0.5.8-rocm700-mi30x';

/** The choices before anything is installed. A test compares them with the packages. */
export const FRAMEWORKS: Readonly<Record<string, KnownFramework>> = {
  llamacpp: {
    package: '@sweepline/plugin-llamacpp',
    images: { cpu: 'host' },
    needs: { 'node-llama-cpp': LLAMA_CPP },
    overrides: Object.fromEntries(
      LLAMA_CPP_GPU_BUILDS.map((name) => [
        `@node-llama-cpp/${name}`,
        `npm:@node-llama-cpp/linux-riscv64@${LLAMA_CPP}`,
      ]),
    ),
  },
  vllm: {
    package: '@sweepline/plugin-vllm',
    images: {
      cpu: 'host',
      h100: VLLM,
      h200: VLLM,
      b200: VLLM,
      mi300x: VLLM_ROCM,
      mi325x: VLLM_ROCM,
      mi355x: 'rocm/7.0:rocm7.0_ubuntu_22.04_vllm_0.10.1_instinct_20250927_rc1',
    },
  },
  sglang: {
    package: '@sweepline/plugin-sglang',
    images: {
      h200: 'lmsysorg/sglang:v0.5.7-cu129-amd64',
      b200: 'lmsysorg/sglang:v0.5.8-cu130-amd64',
      mi300x: SGLANG_MI30X,
      mi325x: SGLANG_MI30X,
      mi355x: 'lmsysorg/sglang:v0.5.8-rocm700-mi35x',
    },
  },
  trt: {
    package: '@sweepline/plugin-trtllm',
    images: {
      h200: 'nvcr.io#nvidia/tensorrt-llm/release:1.1.0rc2.post2',
      b200: 'nvcr.io#nvidia/tensorrt-llm/release:1.2.0rc6.post3',
    },
  },
  atom: {
    package: '@sweepline/plugin-atom',
    images: { mi355x: 'rocm/atom:rocm7.2.0-ubuntu24.04-pytorch2.9-atom0.1.1' },
  },
};

/** Models that plugin-llamacpp generates. */
export const SYNTHETIC_MODELS: readonly [string, ...string[]] = [
  'synthetic:17m',
  'synthetic:60m',
  'synthetic:tiny',
];

/** Hardware packages by SKU. */
export const HARDWARE: Readonly<Record<string, string>> = {
  cpu: '@sweepline/hw-cpu',
  ...skusOf('@sweepline/hw-nvidia', ['h100', 'h200', 'b200', 'b300', 'gb200', 'gb300']),
  ...skusOf('@sweepline/hw-amd', ['mi300x', 'mi325x', 'mi355x']),
};

/** The launcher that starts containers on one node. */
export const CONTAINER_LAUNCHER = { name: 'docker', package: '@sweepline/launcher-docker' } as const;

function skusOf(name: string, skus: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(skus.map((sku) => [sku, name]));
}
