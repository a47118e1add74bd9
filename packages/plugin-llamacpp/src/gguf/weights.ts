import type { TensorSpec } from './tensors.js';

/** Values in a Q4_0 block: one f16 scale, then 32 values of 4 bits, each worth (value - 8) × scale. */
const BLOCK_VALUES = 32;
/** A block as 16-bit words: the scale and 8 words of 4 values. */
const BLOCK_WORDS = 9;

export function isMatrix(tensor: TensorSpec): boolean {
  return tensor.dimensions.length > 1;
}

function valueCount(tensor: TensorSpec): number {
  return tensor.dimensions.reduce((product, dimension) => product * dimension, 1);
}

/** Bytes of the tensor's data: Q4_0 for matrices, f32 for vectors. */
export function tensorBytes(tensor: TensorSpec): number {
  const values = valueCount(tensor);
  return isMatrix(tensor) ? (values / BLOCK_VALUES) * BLOCK_WORDS * 2 : values * 4;
}

/** The tensor's data, little-endian as GGUF and all hosts of llama.cpp's binaries are. */
export function tensorData(tensor: TensorSpec, random: () => number): Uint8Array {
  if (!isMatrix(tensor)) return new Uint8Array(new Float32Array(valueCount(tensor)).fill(1).buffer);
  const words = new Uint16Array(tensorBytes(tensor) / 2);
  const scale = toHalf(blockScale(tensor));
  for (let block = 0; block < words.length; block += BLOCK_WORDS) {
    words[block] = scale;
    for (let word = block + 1; word < block + BLOCK_WORDS; word += 2) {
      const bits = random();
      words[word] = bits & 0xffff;
      words[word + 1] = bits >>> 16;
    }
  }
  return new Uint8Array(words.buffer);
}

/** Uniform values of variance 1/fan-in keep activations near unit variance through the layers. */
function blockScale(tensor: TensorSpec): number {
  const fanIn = tensor.dimensions[0] ?? 1;
  return Math.sqrt(3 / fanIn) / 8;
}

/** The next lower IEEE half of a positive number in half's normal range. */
function toHalf(value: number): number {
  const bits = new Uint32Array(new Float32Array([value]).buffer)[0] ?? 0;
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  return (exponent << 10) | ((bits >>> 13) & 0x3ff);
}
