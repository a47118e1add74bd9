/** Limits from which a run gets a mark, in addition to CLIENT_LIMITS. Shares are of requests unless stated otherwise. */
export const MARK_LIMITS = {
  /** Failed requests: fewer give a note, more make the result invalid (upstream InferenceX's gate). */
  failedShare: 0.05,
  /** Requests of a schedule that waited for a slot; shorter waits, ms, may only be timer delays. */
  waitedShare: 0.01,
  waitedMs: 10,
  /** Outputs with another length than requested, by requests or by tokens. */
  shortShare: 0.001,
  /** Tokens beyond those requested, of tokens: more make the result invalid, as it is for another load. */
  excessShare: 0.05,
  /** Tokens that a server may put before a prompt (BOS; some models have two such tokens). */
  specialTokens: 2,
  /** Deviation of the mean prompt length from the requested one; text prompts can only approximate it. */
  promptLengthShare: 0.02,
  /** The same in conversations. */
  turnLengthShare: 0.01,
  /** Responses that arrived in one piece. */
  heldShare: 0.1,
  /** A majority: it then counts as typical of the run. */
  mostShare: 0.5,
  /**
   * Tokens that arrive at once, relative to those that a chunk may hold: a client that reads late sometimes sees two chunks at
   * once.
   */
  burstNote: 1.5,
  burstInvalid: 3,
  /** Tokens counted per chunk, relative to those that a chunk may hold. */
  perChunkNote: 1.1,
  perChunkInvalid: 1.5,
  /** Chunks without a token, of chunks: more give a note. */
  emptyChunkShare: 0.01,
  /** Prompt tokens from the server's cache, of tokens: more give a note. */
  cachedNote: 0.02,
  cachedInvalid: 0.2,
  /** Client timers that fired late: from this share on, gaps between tokens are partly the client's own. */
  lateTimerNoteShare: 0.05,
  /**
   * Pauses of the client: shorter ones, or a smaller share of the window, are not noted. From a thousandth on, p99.9 is affected.
   */
  pauseMs: 100,
  frozenNoteShare: 0.001,
  /** From here on, means and p99s are also affected. */
  frozenMeansShare: 0.01,
  /** Time that the client was throttled by a CPU limit, as a share of the window. */
  throttledNoteShare: 0.005,
  /** Movement of the wall clock relative to the monotonic one. NTP moves it by at most 0.5 ms per second. */
  wallShiftMs: 1000,
  /** CPU time of other processes and stolen time, as a share of the machine's. */
  othersShare: 0.1,
  /** Time that a thread of the server waited for a CPU that others used, as a share of the window. */
  serverLostShare: 0.05,
  /** Time that the server as a whole was stalled, as a share of the window. */
  stallShare: 0.05,
} as const;
