/** Requests that have ended when a load is looked at first, and how many more at each further look. */
const FIRST_LOOK = 10;
const EACH_TIMES = 1.6;

/** How many requests have ended when a load is looked at again. */
export function nextLook(ended: number): number {
  return Math.max(FIRST_LOOK, Math.ceil(ended * EACH_TIMES));
}
