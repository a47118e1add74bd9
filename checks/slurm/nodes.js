// @ts-check
/** The nodes that sessions may get, and what is done to them from outside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { command, nodeShell } from './cluster.js';
import { nodesOf } from './config.js';

export const NODES = nodesOf(4).map(({ name }) => name);

/** @param {string} name @param {string[]} argv @returns {string} what it printed */
export function onNode(name, ...argv) {
  return command('nsenter', `--target=${nodeShell(name)}`, '--mount', '--pid', ...argv);
}

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/**
 * With somebody's server on a port of every node, as each has its own network; it answers as one that is ready.
 * @template T @param {number} port @param {(servers: readonly ChildProcess[]) => Promise<T>} use
 */
export async function besideOthers(port, use) {
  const program = `require('node:http').createServer((_, response) => response.end('ok')).listen(${port}, '127.0.0.1', () => console.log('on'))`;
  const servers = NODES.map((name) =>
    spawn('nsenter', [`--target=${nodeShell(name)}`, '--net', process.execPath, '-e', program], {
      stdio: 'pipe',
    }),
  );
  try {
    await Promise.all(servers.map(({ stdout }) => once(stdout, 'data')));
    return await use(servers);
  } finally {
    for (const server of servers) server.kill();
  }
}
