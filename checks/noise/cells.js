// @ts-check
/** Loads and neighbours to try. */

/** @typedef {import('./neighbour.js').Neighbour} Neighbour */

/** @type {readonly Neighbour[]} */
export const NEIGHBOURS = [
  { loops: 0, nice: 0 },
  { loops: 1, nice: 0 },
  { loops: 2, nice: 0 },
  { loops: 4, nice: 0 },
  { loops: 2, nice: 10 },
  { loops: 2, nice: 0, busyMs: 30 },
  { loops: 2, nice: 0, busyMs: 100 },
  { loops: 2, nice: 0, clientNice: 5 },
  { loops: 2, nice: 0, clientNice: 19 },
  { loops: 0, nice: 0, freezeMs: 100 },
  { loops: 0, nice: 0, freezeMs: 300 },
  { loops: 0, nice: 0, freezeMs: 1500 },
];

/** Streams, ms to the first token and between tokens, and tokens per answer: 3 to 5 s each. */
export const LOADS = [
  { streams: 4, ttftMs: 20, itlMs: 5, outputLen: 200 },
  { streams: 16, ttftMs: 200, itlMs: 20, outputLen: 64 },
  { streams: 64, ttftMs: 200, itlMs: 20, outputLen: 64 },
  { streams: 128, ttftMs: 1000, itlMs: 50, outputLen: 32 },
];
