/** An optional peer: its builds take hundreds of MB, which those who bring a llama-server of their own don't need. */
const PACKAGE = 'node-llama-cpp';
/** As package.json has it. */
export const PEER_RANGE = '^3.22.1';

/** @throws Error that says how to install node-llama-cpp, where it isn't. */
export function requireEngine(): void {
  try {
    import.meta.resolve(PACKAGE);
  } catch {
    throw new Error(
      `${PACKAGE} is not installed: npm install ${PACKAGE}@${PEER_RANGE}, or set options.server to a llama-server binary`,
    );
  }
}
