// @ts-check
import { readdirSync, readFileSync } from 'node:fs';

/** Processes that are seen here, with their command lines; arguments end with \0. */
export function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid, commandLine: read(pid, 'cmdline') }));
}

/** @param {string} pid */
export function environmentOf(pid) {
  return read(pid, 'environ');
}

/** @param {string} pid @param {string} file */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return ''; // it has ended
  }
}

/** Agents alone: they can tidy nothing up. */
export function killAgents() {
  for (const { pid, commandLine } of processes())
    if (/^\S+\/node\0\S+\/agent\.mjs\0/.test(commandLine)) process.kill(Number(pid), 'SIGKILL');
}
