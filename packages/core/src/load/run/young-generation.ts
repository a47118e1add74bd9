import { setFlagsFromString } from 'node:v8';

/*
 * V8 collects what is new whenever it fills a semi-space. What sends is to wait for little each time; what makes much garbage, and
 * has nobody waiting, is to be collected seldom. `node --v8-options` describes the flag, which goes before limits that a thread is given.
 */

/** Semi-space of a thread that sends, MiB: collecting it takes well under a millisecond or two, and streams that wait are read late. */
export const SENDING_MB = 2;
/** Semi-space of a thread that makes prompts, MiB. With the one above, a tokenizer's texts would take a tenth longer. */
export const MAKING_MB = 16;

/**
 * What Node is told where it runs a load process. Its main thread makes small prompts and then only waits: with a young generation of
 * the usual size it would be some 25 MB larger.
 */
export const LOAD_NODE_ARGS: readonly string[] = [`--max-semi-space-size=${SENDING_MB}`];

/** Threads that start from now on have semi-spaces of this size. */
export function sizeYoungGeneration(semiSpaceMb: number): void {
  setFlagsFromString(`--max-semi-space-size=${semiSpaceMb}`);
}
