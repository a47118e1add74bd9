/** What a model's own configuration says of its size. Elements, not bytes: the data type is another fact. */
export interface ModelFacts {
  /** As in `infmax_model_prefix`. */
  readonly prefix: string;
  readonly name: string;
  /** Experts of a layer that a token is routed among, and how many of them it takes. */
  readonly experts: number;
  readonly expertsPerToken: number;
  /** Parameters of one expert, and how many layers have experts. */
  readonly expertParameters: number;
  readonly expertLayers: number;
  /** Parameters that every token passes: attention, shared experts, dense layers, router, output head. */
  readonly otherParameters: number;
  /** Elements of the KV cache that a token leaves in all layers that keep it, and in those with a window. */
  readonly kvElementsPerToken: number;
  readonly windowed?: { readonly kvElementsPerToken: number; readonly tokens: number };
  readonly source: { readonly what: string; readonly url: string; readonly date: string };
}

const DEEPSEEK = { hidden: 7168, layers: 61, denseLayers: 3, experts: 256, perToken: 8, vocabulary: 129_280 };
const DEEPSEEK_EXPERT = 3 * DEEPSEEK.hidden * 2048;
/** Low-rank queries (1536), keys and values (512 + 64), 128 heads of 128 + 64, and the output. */
const DEEPSEEK_ATTENTION =
  DEEPSEEK.hidden * 1536 +
  1536 * 128 * 192 +
  DEEPSEEK.hidden * 576 +
  512 * 128 * 256 +
  128 * 128 * DEEPSEEK.hidden;
const DEEPSEEK_MOE_LAYERS = DEEPSEEK.layers - DEEPSEEK.denseLayers;

const GPT_OSS = { hidden: 2880, layers: 36, vocabulary: 201_088 };
/** 64 heads of 64 for queries, 8 for keys and for values, and the output. */
const GPT_OSS_ATTENTION = GPT_OSS.hidden * (64 * 64 + 2 * 8 * 64) + 64 * 64 * GPT_OSS.hidden;
const GPT_OSS_KV = 2 * 8 * 64;

export const MODEL_FACTS: readonly ModelFacts[] = [
  {
    prefix: 'dsr1',
    name: 'DeepSeek-R1-0528',
    experts: DEEPSEEK.experts,
    expertsPerToken: DEEPSEEK.perToken,
    expertParameters: DEEPSEEK_EXPERT,
    expertLayers: DEEPSEEK_MOE_LAYERS,
    otherParameters:
      DEEPSEEK.layers * DEEPSEEK_ATTENTION +
      // The shared expert and the router of each layer with experts.
      DEEPSEEK_MOE_LAYERS * (DEEPSEEK_EXPERT + DEEPSEEK.hidden * DEEPSEEK.experts) +
      DEEPSEEK.denseLayers * 3 * DEEPSEEK.hidden * 18_432 +
      DEEPSEEK.vocabulary * DEEPSEEK.hidden,
    kvElementsPerToken: DEEPSEEK.layers * 576,
    source: {
      what: 'config.json of deepseek-ai/DeepSeek-R1-0528',
      url: 'https://huggingface.co/deepseek-ai/DeepSeek-R1-0528/blob/main/config.json',
      date: '2026-12-02',
    },
  },
  {
    prefix: 'gptoss',
    name: 'gpt-oss-120b',
    experts: 128,
    expertsPerToken: 4,
    expertParameters: 3 * GPT_OSS.hidden * GPT_OSS.hidden,
    expertLayers: GPT_OSS.layers,
    otherParameters:
      GPT_OSS.layers * (GPT_OSS_ATTENTION + GPT_OSS.hidden * 128) + GPT_OSS.vocabulary * GPT_OSS.hidden,
    // Every other layer attends to the last 128 tokens alone.
    kvElementsPerToken: (GPT_OSS.layers / 2) * GPT_OSS_KV,
    windowed: { kvElementsPerToken: (GPT_OSS.layers / 2) * GPT_OSS_KV, tokens: 128 },
    source: {
      what: 'config.json of openai/gpt-oss-120b',
      url: 'https://huggingface.co/openai/gpt-oss-120b/blob/main/config.json',
      date: '2026-12-02',
    },
  },
];

/** Parameters that a token passes, the output head among them. */
export function activeParameters(facts: ModelFacts): number {
  return facts.otherParameters + facts.expertLayers * facts.expertsPerToken * facts.expertParameters;
}
