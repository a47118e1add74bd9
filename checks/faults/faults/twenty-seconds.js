// @ts-check

/** 8 streams, 160 requests of a second: 20 s, of which some ms are a share that counts or one that doesn't. */
export const TWENTY_SECONDS = {
  schedule: { ttftMs: 20, itlMs: 20 },
  load: { numPrompts: 160, outputLen: 50 },
};
