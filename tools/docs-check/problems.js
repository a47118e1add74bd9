// @ts-check
/** @typedef {{ readonly path: string, readonly line: number, readonly message: string }} Problem */

/** @param {Problem} problem */
export function formatProblem({ path, line, message }) {
  return `${path}:${line}: ${message}`;
}

/** @param {unknown} thrown */
export function messageOf(thrown) {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
