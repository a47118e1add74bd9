import { VOCABULARY_SIZE, type ModelShape } from './sizes.js';

export interface TensorSpec {
  readonly name: string;
  /** Innermost first, as GGUF stores them. */
  readonly dimensions: readonly number[];
}

/** The tensors of a llama-architecture model, in file order: matrices are Q4_0, vectors (the norms) f32. */
export function llamaTensors(shape: ModelShape): readonly TensorSpec[] {
  const { embedding, feedForward, layers } = shape;
  const kvWidth = (embedding / shape.heads) * shape.kvHeads;
  const tensors: TensorSpec[] = [{ name: 'token_embd.weight', dimensions: [embedding, VOCABULARY_SIZE] }];
  for (let layer = 0; layer < layers; layer++) {
    const block: Record<string, readonly number[]> = {
      attn_norm: [embedding],
      attn_q: [embedding, embedding],
      attn_k: [embedding, kvWidth],
      attn_v: [embedding, kvWidth],
      attn_output: [embedding, embedding],
      ffn_norm: [embedding],
      ffn_gate: [embedding, feedForward],
      ffn_up: [embedding, feedForward],
      ffn_down: [feedForward, embedding],
    };
    for (const [name, dimensions] of Object.entries(block)) {
      tensors.push({ name: `blk.${layer}.${name}.weight`, dimensions });
    }
  }
  tensors.push({ name: 'output_norm.weight', dimensions: [embedding] });
  tensors.push({ name: 'output.weight', dimensions: [embedding, VOCABULARY_SIZE] });
  return tensors;
}
