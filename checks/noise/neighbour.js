// @ts-check
/** Processes that take CPU time from the client, like a neighbour on the machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * @typedef {object} Neighbour
 * @property {number} loops Number of busy processes.
 * @property {number} nice
 * @property {number} [busyMs] Busy for this long, then idle for as long. Default: always busy.
 * @property {number} [clientNice] Nice value of the client, which yields to other processes.
 * @property {number} [freezeMs] Stops the client once for this long.
 */

/** Busy for a while, then asleep, repeatedly. Without a duration it never sleeps. */
const LOOP = `
const busyMs = Number(process.argv[1]);
const spin = () => { const end = performance.now() + busyMs; while (performance.now() < end); setTimeout(spin, busyMs); };
process.stdin.on('end', () => process.exit()).resume();
if (busyMs > 0) spin(); else { const go = () => { const end = performance.now() + 200; while (performance.now() < end); setImmediate(go); }; go(); }
`;

/** @param {Neighbour} neighbour @returns {Promise<() => Promise<void>>} What ends it. */
export async function startNeighbour({ loops, nice, busyMs = 0 }) {
  const children = Array.from({ length: loops }, () =>
    // In its own process group, like a real neighbour; it ends with this process, whose end closes its stdin.
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
export function nameOf({ loops, nice, busyMs, clientNice, freezeMs }) {
  const parts = [
    loops > 0 && `${loops} loops`,
    nice > 0 && `nice ${nice}`,
    busyMs !== undefined && `${busyMs} ms of ${2 * busyMs}`,
    clientNice !== undefined && `client nice ${clientNice}`,
    freezeMs !== undefined && `frozen ${freezeMs} ms`,
  ];
  return parts.filter((part) => part !== false).join(', ') || 'none';
}

/**
 * The command that starts a client with such a neighbour.
 * @param {readonly string[]} command @param {Neighbour} neighbour @returns {readonly string[]}
 */
export function commandNextTo(command, { clientNice, freezeMs }) {
  const freezing = freezeMs === undefined ? [] : [process.execPath, '-e', FREEZE, String(freezeMs)];
  const nice = clientNice === undefined ? [] : ['nice', '-n', String(clientNice)];
  return [...nice, ...freezing, ...command];
}

/** Runs a command and stops it for a while, one second after it began to measure. */
const FREEZE = `
const [ms, file, ...args] = process.argv.slice(1);
const child = require('node:child_process').spawn(file, args, { stdio: ['inherit', 'pipe', 'inherit'] });
let begun = false;
child.stdout.on('data', (text) => {
  process.stdout.write(text);
  if (begun || !String(text).includes('"phase":"measure"')) return;
  begun = true;
  setTimeout(() => { child.kill('SIGSTOP'); setTimeout(() => child.kill('SIGCONT'), Number(ms)); }, 1000);
});
child.on('exit', (code) => { process.exitCode = code ?? 1; });
`;
