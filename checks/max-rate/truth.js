// @ts-check
/**
 * What a golden server with slots does to requests that come by chance: as many slots as it has, each taken for the same time, in the
 * order in which requests come. No formula for it is at hand, so it is simulated, with millions of requests.
 */

/**
 * @typedef {object} Server
 * @property {number} slots
 * @property {number} ttftMs from when a request gets its slot until its first token is due
 * @property {number} serviceMs for which it has the slot
 * @property {readonly number[]} lateMs how late first tokens were written: quantiles at equal distances; by the server's own log
 */

const REQUESTS = 2_000_000;
/** The rate is found to this share of itself. */
const EXACT = 0.001;

/**
 * The rate at which a share of the requests keeps a TTFT limit.
 * @param {Server} server @param {{ share: number, ttftMs: number }} objective @returns {number} requests/s
 */
export function highestRate(server, objective) {
  let low = 0;
  let high = (1000 * server.slots) / server.serviceMs;
  while (high / Math.max(low, high / 2) > 1 + EXACT) {
    const middle = low === 0 ? high / 2 : Math.sqrt(low * high);
    if (keptShare(server, middle, objective.ttftMs) >= objective.share) low = middle;
    else high = middle;
    if (low === 0 && high < 1e-3) return 0;
  }
  return (low + high) / 2;
}

/** @param {Server} server @param {number} rate @param {number} limitMs */
function keptShare({ slots, ttftMs, serviceMs, lateMs }, rate, limitMs) {
  const uniform = uniformOf(1);
  // Served in their order and for equal times, requests end in their order: slots are free round and round.
  const free = new Float64Array(slots);
  let dueMs = 0;
  let kept = 0;
  for (let request = 0; request < REQUESTS; request++) {
    dueMs += (-1000 * Math.log(uniform())) / rate;
    const slot = request % slots;
    const beginMs = Math.max(dueMs, free[slot] ?? 0);
    free[slot] = beginMs + serviceMs;
    const late = lateMs[Math.floor(uniform() * lateMs.length)] ?? 0;
    if (beginMs - dueMs + ttftMs + late <= limitMs) kept++;
  }
  return kept / REQUESTS;
}

/**
 * Numbers of (0, 1), the same for a seed. Source: Marsaglia, "Xorshift RNGs", 2003 (the 32-bit generator with shifts 13, 17, 5).
 * @param {number} seed
 */
function uniformOf(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
}
