/*
 * What a thread must know about the main thread's calls while that one hangs and can't answer. Both threads share this memory: writing to
 * it costs less than a message, and plans would need thousands of those.
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

  /** Increases while the main thread's event loop runs. */
  beat(): void {
    this.numbers[AT.beats]!++;
  }

  get beats(): number {
    return this.numbers[AT.beats]!;
  }

  /** Unix time in ms until which a pure call may block the event loop. */
  get pureUntil(): number {
    return this.numbers[AT.pureUntil]!;
  }

  set pureUntil(unixMs: number) {
    this.numbers[AT.pureUntil] = unixMs;
  }

  /** The current calls, for people. */
  get calls(): string {
    // TextDecoder doesn't accept shared memory.
    return new TextDecoder().decode(this.text.slice(0, this.numbers[AT.length]));
  }

  set calls(text: string) {
    this.numbers[AT.length] = new TextEncoder().encodeInto(text, this.text).written;
  }
}

/** Calls of this process. */
export const whiteboard = new Whiteboard(createMemory());
