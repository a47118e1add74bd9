// @ts-check
import { command } from './cluster.js';

/** Submits a job that does nothing until it is cancelled. @param {string[]} options @returns {string} its number */
export function submit(...options) {
  return submitCommand('exec sleep infinity', ...options);
}

/** @param {string} wrapped @param {string[]} options @returns {string} the job's number */
export function submitCommand(wrapped, ...options) {
  return command('sbatch', '--parsable', '--output=/dev/null', ...options, `--wrap=${wrapped}`).trim();
}

/** Takes all nodes that sessions could get. @returns {string} the job's number */
export function fill() {
  return submit('--nodes=4', '--exclusive', '--job-name=full');
}

/** @param {string} job */
export function stateOf(job) {
  return command('squeue', '-h', `--jobs=${job}`, '--states=all', '--format=%T').trim();
}

/** Jobs of sessions of all users that have not ended: a name that only begins like theirs is another's. */
export function ours() {
  const lines = command('squeue', '-h', '--partition=gpu', '--format=%i|%j|%T|%N').split('\n');
  return lines.flatMap((line) => {
    const [, job = '', state = '', node = ''] =
      /^(\d+)\|sweepline-[0-9a-f]{32}\|(\w+)\|(.*)$/.exec(line.trim()) ?? [];
    return job === '' ? [] : [{ job, state, node }];
  });
}
