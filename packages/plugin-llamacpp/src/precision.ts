/** Precisions of GGUF files, with the names that configs use: bits of the type that most weights have. */
export const PRECISIONS = ['int2', 'int3', 'int4', 'int5', 'int6', 'int8', 'fp4', 'bf16', 'fp16', 'fp32'];

/**
 * The precision of a file type, as llama.cpp (`Q4_K - Medium`) or node-llama-cpp (`MOSTLY_Q4_K_M`) names it; undefined for other names.
 * Source: llama_model_ftype_name in src/llama-model-loader.cpp of ggml-org/llama.cpp.
 */
export function precisionOf(fileType: unknown): { readonly precision?: string } {
  if (typeof fileType !== 'string') return {};
  const name = fileType.toUpperCase();
  const bits = /(?:^|[^A-Z])I?Q(\d)_/.exec(name)?.[1];
  if (bits !== undefined) return { precision: `int${bits}` };
  if (/(?:MX|NV)FP4/.test(name)) return { precision: 'fp4' };
  if (name.includes('BF16')) return { precision: 'bf16' };
  const width = /(?:^|[^A-Z])F(16|32)/.exec(name)?.[1];
  return width === undefined ? {} : { precision: `fp${width}` };
}
