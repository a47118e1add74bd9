/** Precisions that vLLM serves, with the names that configs use. Source: vLLM docs/features/quantization. */
export const PRECISIONS = ['fp32', 'bf16', 'fp16', 'fp8', 'fp4', 'mxfp4', 'nvfp4', 'int8', 'int4'];

/** Quantization methods with a single precision; others have several, and don't report which one is used. */
const OF_METHOD: Readonly<Record<string, string>> = {
  fp8: 'fp8',
  fbgemm_fp8: 'fp8',
  ptpc_fp8: 'fp8',
  modelopt: 'fp8',
  mxfp4: 'fp4',
  modelopt_fp4: 'fp4',
  petit_nvfp4: 'fp4',
  awq: 'int4',
  awq_marlin: 'int4',
};
const OF_DTYPE: Readonly<Record<string, string>> = { bfloat16: 'bf16', float16: 'fp16', float32: 'fp32' };

/** The precision of the weights; undefined if quantization and dtype don't determine it. */
export function precisionOf(
  quantization: string | undefined,
  dtype: string | undefined,
): { readonly precision?: string } {
  const precision = quantization === undefined ? OF_DTYPE[dtype ?? ''] : OF_METHOD[quantization];
  return precision === undefined ? {} : { precision };
}

/** Formats of 4-bit floats are one precision in configs. */
export function plainPrecision(precision: string): string {
  return precision === 'mxfp4' || precision === 'nvfp4' ? 'fp4' : precision;
}
