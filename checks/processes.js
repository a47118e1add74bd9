// @ts-check
/** Processes that a check started, found by the token in their environment. Linux only. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isMarked, listProcesses } from '@sweepline/core/testing';

/** @param {string} token @returns {readonly number[]} */
export function marked(token) {
  /** @type {readonly { pid: number, alive: boolean }[]} */
  const processes = listProcesses();
  return processes.filter(({ pid, alive }) => alive && isMarked(pid, token)).map(({ pid }) => pid);
}

/** Those with a word among their arguments. @param {string} token @param {string} word */
export function named(token, word) {
  return marked(token).filter((pid) =>
    commandLine(pid).some((part) => part === word || part.includes(`${word}.js`)),
  );
}

/** What still runs after these seconds. @param {string} token @param {number} withinS */
export async function leftOver(token, withinS) {
  const deadline = performance.now() + withinS * 1000;
  while (marked(token).length > 0 && performance.now() < deadline) await delay(50);
  return marked(token).map((pid) => `left over: ${commandLine(pid).join(' ')}`);
}

/** Whether it was there. @param {number} pid @param {NodeJS.Signals} signal */
export function kill(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** @param {number} pid */
function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
