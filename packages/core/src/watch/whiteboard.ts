/*
 * What a thread has to know of the main one's calls while that one hangs, and can't be asked. Thread and main have this memory in
 * common: writing it costs less than a message, of which plans would need thousands.
 */

const NAMES_BYTES = 1024;
const NUMBERS = ['beats', 'pureUntil', 'length'] as const;
const AT = Object.fromEntries(NUMBERS.map((name, index) => [name, index])) as Record<
  (typeof NUMBERS)[number],
  number
>;

export type Memory = SharedArrayBuffer;

export function createMemory(): Memory {
  return new SharedArrayBuffer(8 * NUMBERS.length + NAMES_BYTES);
}

export class Whiteboard {
  private readonly numbers: Float64Array;
  private readonly text: Uint8Array;

  constructor(readonly memory: Memory) {
    this.numbers = new Float64Array(memory, 0, NUMBERS.length);
    this.text = new Uint8Array(memory, 8 * NUMBERS.length);
  }

  /** Counts on while the main thread's event loop turns. */
  beat(): void {
    this.numbers[AT.beats]!++;
  }

  get beats(): number {
    return this.numbers[AT.beats]!;
  }

  /** Unix time, ms, until which a pure call may keep the event loop from turning. */
  get pureUntil(): number {
    return this.numbers[AT.pureUntil]!;
  }

  set pureUntil(unixMs: number) {
    this.numbers[AT.pureUntil] = unixMs;
  }

  /** The calls that are under way, for people. */
  get calls(): string {
    // What is decoded can't be shared memory.
    return new TextDecoder().decode(this.text.slice(0, this.numbers[AT.length]));
  }

  set calls(text: string) {
    this.numbers[AT.length] = new TextEncoder().encodeInto(text, this.text).written;
  }
}

/** Of this process. */
export const whiteboard = new Whiteboard(createMemory());
