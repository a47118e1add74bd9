// @ts-check
/**
 * Loaded before Sweepline (`node --import`): counts what it does to files and processes, and kills it without warning at one of these
 * instants. KILL_AT has the number; without it, all of them are written to the file BOUNDARIES, a line each.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const killAt = Number(process.env.KILL_AT ?? Infinity);
const file = process.env.BOUNDARIES;
/** Only the command itself: the load process and others inherit the environment. */
const isCommand = process.argv.includes('sweep');
let count = 0;

/** @param {string} what */
function boundary(what) {
  count += 1;
  if (count === killAt) process.kill(process.pid, 'SIGKILL');
  if (file !== undefined) fs.appendFileSync(file, `${count} ${what}\n`);
}

/** @param {object} of @param {string} name */
function watch(of, name) {
  const owner = /** @type {Record<string, Function>} */ (of);
  const original = owner[name];
  if (original === undefined) throw new Error(`there is no ${name}`);
  owner[name] = function (/** @type {unknown[]} */ ...args) {
    boundary(`before ${name}`);
    const result = original.apply(this, args);
    if (typeof result?.finally !== 'function') {
      boundary(`after ${name}`);
      return result;
    }
    return result.then((/** @type {unknown} */ value) => {
      boundary(`after ${name}`);
      return value;
    });
  };
}

if (isCommand) {
  const handle = await fs.promises.open(process.execPath);
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of ['writeFile', 'appendFile', 'datasync', 'sync']) watch(prototype, name);
  for (const name of ['rename', 'mkdir', 'rm', 'writeFile', 'copyFile', 'truncate']) watch(fs.promises, name);
  watch(childProcess, 'spawn');
  syncBuiltinESMExports();
}
