import { setFlagsFromString } from 'node:v8';

/*
 * V8 collects new objects whenever they fill a semi-space. Sending threads need short collections; threads that make much garbage
 * while nothing waits for them need few. `node --v8-options` describes the flag, which must come before limits that a thread is
 * given.
 */

/**
 * Semi-space of a sending thread, MiB: keeps a collection well below a millisecond or two, in which waiting streams are read
 * late.
 */
export const SENDING_MB = 2;
/** Semi-space of a thread that makes prompts, MiB. With SENDING_MB, a tokenizer's texts would take a tenth longer. */
export const MAKING_MB = 16;

/**
 * Node arguments of a load process. Its main thread makes small prompts and then only waits: with a young generation of the
 * default size it would use about 25 MB more.
 */
export const LOAD_NODE_ARGS: readonly string[] = [`--max-semi-space-size=${SENDING_MB}`];

/** Sets the semi-space size of threads that start from now on. */
export function sizeYoungGeneration(semiSpaceMb: number): void {
  setFlagsFromString(`--max-semi-space-size=${semiSpaceMb}`);
}
