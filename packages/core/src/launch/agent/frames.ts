/*
 * What an agent and its Sweepline send each other: a head in JSON, and bytes. On the wire a frame is the lengths of both (32 bits each,
 * big-endian) and then both.
 */

export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

const LENGTHS_BYTES = 8;
/** Longer ones are sent by nobody: the stream isn't one of frames. */
const MOST_BYTES = 64 * 1024 * 1024;
const EMPTY = new Uint8Array();

export function encodeFrame(head: unknown, body: Uint8Array = EMPTY): Uint8Array {
  const json = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32BE(json.length, 0);
  lengths.writeUInt32BE(body.length, 4);
  return Buffer.concat([lengths, json, body]);
}

/** Frames of a stream, in order. One that is cut off by the stream's end is left out. @throws {Error} for a stream of something else */
export async function* framesOf(input: AsyncIterable<Uint8Array>): AsyncIterable<Frame> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  let wanted = LENGTHS_BYTES;
  for await (const piece of input) {
    pieces.push(piece);
    held += piece.length;
    if (held < wanted) continue;
    let bytes = Buffer.concat(pieces);
    for (wanted = lengthOf(bytes); bytes.length >= wanted; wanted = lengthOf(bytes)) {
      yield frameOf(bytes);
      bytes = bytes.subarray(wanted);
    }
    pieces = [bytes];
    held = bytes.length;
  }
}

/** Bytes of the frame at the beginning, as far as its lengths are there. */
function lengthOf(bytes: Buffer): number {
  if (bytes.length < LENGTHS_BYTES) return LENGTHS_BYTES;
  const length = LENGTHS_BYTES + bytes.readUInt32BE(0) + bytes.readUInt32BE(4);
  if (length > MOST_BYTES) throw new Error(`a frame of ${length} bytes`);
  return length;
}

function frameOf(bytes: Buffer): Frame {
  const body = LENGTHS_BYTES + bytes.readUInt32BE(0);
  const head: unknown = JSON.parse(bytes.toString('utf8', LENGTHS_BYTES, body));
  return { head, body: bytes.subarray(body, body + bytes.readUInt32BE(4)) };
}
