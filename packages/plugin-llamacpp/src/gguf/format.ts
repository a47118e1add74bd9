import { isMatrix, tensorBytes } from './weights.js';
import type { TensorSpec } from './tensors.js';

/**
 * The GGUF v3 container: a header of metadata and tensor descriptions, then the tensors' data, each aligned.
 * Source: docs/gguf.md of ggml-org/ggml.
 */
const VERSION = 3;
export const ALIGNMENT = 32;

const VALUE_TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const TENSOR_TYPE = { f32: 0, q4_0: 2 } as const;

export type MetadataValue =
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly strings: readonly string[] }
  | { readonly f32s: readonly number[] }
  | { readonly i32s: readonly number[] };

export type Metadata = Readonly<Record<string, MetadataValue>>;

export function encodeHeader(metadata: Metadata, tensors: readonly TensorSpec[]): Uint8Array {
  const entries = Object.entries(metadata);
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(VERSION),
    u64(tensors.length),
    u64(entries.length),
    ...entries.map(([key, value]) => Buffer.concat([text(key), encodeValue(value)])),
    ...encodeTensorInfos(tensors),
  ]);
  return Buffer.concat([header, padding(header.length)]);
}

/** Zero bytes that pad `length` to the next aligned offset. */
export function padding(length: number): Uint8Array {
  return Buffer.alloc(align(length) - length);
}

function align(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function encodeTensorInfos(tensors: readonly TensorSpec[]): Buffer[] {
  let offset = 0;
  return tensors.map((tensor) => {
    const type = isMatrix(tensor) ? TENSOR_TYPE.q4_0 : TENSOR_TYPE.f32;
    const dimensions = tensor.dimensions.map(u64);
    const info = [text(tensor.name), u32(dimensions.length), ...dimensions, u32(type), u64(offset)];
    offset += align(tensorBytes(tensor));
    return Buffer.concat(info);
  });
}

function encodeValue(value: MetadataValue): Buffer {
  if ('u32' in value) return Buffer.concat([u32(VALUE_TYPE.u32), u32(value.u32)]);
  if ('f32' in value) return Buffer.concat([u32(VALUE_TYPE.f32), f32(value.f32)]);
  if ('bool' in value) return Buffer.concat([u32(VALUE_TYPE.bool), Buffer.from([Number(value.bool)])]);
  if ('string' in value) return Buffer.concat([u32(VALUE_TYPE.string), text(value.string)]);
  if ('strings' in value) return encodeArray(VALUE_TYPE.string, value.strings.map(text));
  if ('f32s' in value) return encodeArray(VALUE_TYPE.f32, value.f32s.map(f32));
  return encodeArray(VALUE_TYPE.i32, value.i32s.map(u32));
}

function encodeArray(elementType: number, elements: readonly Buffer[]): Buffer {
  return Buffer.concat([u32(VALUE_TYPE.array), u32(elementType), u64(elements.length), ...elements]);
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function f32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
