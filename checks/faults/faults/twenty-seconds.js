// @ts-check

/** 8 streams, 160 requests of one second: 20 s, of which a pause of some ms is or isn't a significant share. */
export const TWENTY_SECONDS = {
  schedule: { ttftMs: 20, itlMs: 20 },
  load: { numPrompts: 160, outputLen: 50 },
};
