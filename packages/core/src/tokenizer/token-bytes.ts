import { bytesOfToken } from './byte-level.js';

/** The bytes of each token of a byte-level vocabulary, one after another: prompts are concatenated from thousands of them. */
export class TokenBytes {
  private readonly bytes: Uint8Array;
  /** Start of each id's bytes, and one entry for the end. */
  private readonly begins: Uint32Array;

  constructor(tokens: readonly (string | undefined)[]) {
    const parts = Array.from(tokens, (token) => (token === undefined ? NOTHING : bytesOfToken(token)));
    this.begins = new Uint32Array(parts.length + 1);
    parts.forEach((part, id) => (this.begins[id + 1] = this.begins[id]! + part.length));
    this.bytes = Buffer.concat(parts);
  }

  /** Bytes that are not valid UTF-8 become replacement characters; ids without a token are left out. */
  text(ids: readonly number[]): string {
    const { bytes, begins } = this;
    let length = 0;
    for (const id of ids) if (id + 1 < begins.length) length += begins[id + 1]! - begins[id]!;
    const text = Buffer.allocUnsafe(length);
    let to = 0;
    for (let i = 0; i < ids.length; i++) {
      let from = begins[ids[i]!] ?? 0;
      while (ids[i + 1] === ids[i]! + 1 && ids[i]! + 2 < begins.length) i++;
      const end = begins[ids[i]! + 1] ?? from;
      if (end - from > WORTH_A_CALL) {
        text.set(bytes.subarray(from, end), to);
        to += end - from;
      } else while (from < end) text[to++] = bytes[from++]!;
    }
    return text.toString();
  }
}

/** Below this number of bytes a loop is faster than a call. */
const WORTH_A_CALL = 48;
const NOTHING = new Uint8Array(0);
