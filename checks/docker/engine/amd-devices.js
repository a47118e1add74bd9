// @ts-check
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Mounts whose content containers and programs expect below /dev. */
const KEPT = ['pts', 'shm'];

/**
 * Adds device files that are /dev/null, where AMD's are, to the /dev of this mount namespace, with which they go.
 * @param {string} folder a new one
 */
export function addAmdDevices(folder) {
  mkdirSync(folder);
  run('mount', '-t', 'tmpfs', 'amd', folder);
  for (const name of ['upper', 'work', 'dev']) mkdirSync(`${folder}/${name}`);
  run('mount', '--rbind', '/dev', `${folder}/dev`);
  const layers = `lowerdir=/dev,upperdir=${folder}/upper,workdir=${folder}/work`;
  run('mount', '-t', 'overlay', '-o', layers, 'amd', '/dev');
  for (const name of KEPT) run('mount', '--rbind', `${folder}/dev/${name}`, `/dev/${name}`);
  mkdirSync('/dev/dri');
  for (const name of ['kfd', 'dri/renderD128']) run('mknod', '-m', '666', `/dev/${name}`, 'c', '1', '3');
}

/** @param {string} program @param {string[]} args */
function run(program, ...args) {
  execFileSync(program, args, { stdio: 'pipe' });
}
