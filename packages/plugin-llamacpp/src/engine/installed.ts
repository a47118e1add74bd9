/** An optional peer: its builds take hundreds of MB, which users with their own llama-server don't need. */
const PACKAGE = 'node-llama-cpp';
/** As in package.json. */
export const PEER_RANGE = '^3.22.1';

/** @throws Error with the install command, if node-llama-cpp is not installed. */
export function requireEngine(): void {
  try {
    import.meta.resolve(PACKAGE);
  } catch {
    throw new Error(
      `${PACKAGE} is not installed: npm install ${PACKAGE}@${PEER_RANGE}, or set options.server to a llama-server binary`,
    );
  }
}
