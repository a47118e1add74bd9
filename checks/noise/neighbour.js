// @ts-check
/** Processes that take CPU from the client, as a neighbour on the machine does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * @typedef {object} Neighbour
 * @property {number} loops Busy processes.
 * @property {number} nice
 * @property {number} [busyMs] Busy for so long, then idle for as long; by default always busy.
 * @property {number} [freezeMs] Stops the client for so long, once, instead.
 */

/** Busy for a while, then asleep, over and over. Without a duration it never sleeps. */
const LOOP = `
const busyMs = Number(process.argv[1]);
const spin = () => { const end = performance.now() + busyMs; while (performance.now() < end); setTimeout(spin, busyMs); };
process.stdin.on('end', () => process.exit()).resume();
if (busyMs > 0) spin(); else { const go = () => { const end = performance.now() + 200; while (performance.now() < end); setImmediate(go); }; go(); }
`;

/** @param {Neighbour} neighbour @returns {Promise<() => Promise<void>>} What ends it. */
export async function startNeighbour({ loops, nice, busyMs = 0 }) {
  const children = Array.from({ length: loops }, () =>
    // A group of its own, as a neighbour has; it ends with this process, whose end closes its stdin.
    spawn('nice', ['-n', String(nice), process.execPath, '-e', LOOP, String(busyMs)], {
      stdio: ['pipe', 'ignore', 'inherit'],
      detached: true,
    }),
  );
  await Promise.all(children.map((child) => once(child, 'spawn')));
  return async () => {
    const ended = children.map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(ended);
  };
}

/** @param {Neighbour} neighbour */
export function nameOf({ loops, nice, busyMs, freezeMs }) {
  if (freezeMs) return `frozen ${freezeMs} ms`;
  if (loops === 0) return 'none';
  return `${loops} loops, nice ${nice}${busyMs ? `, ${busyMs} ms of ${2 * busyMs}` : ''}`;
}
