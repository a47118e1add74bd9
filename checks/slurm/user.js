// @ts-check
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { command } from './cluster.js';

/** An ordinary user, seen in this mount namespace alone; the daemons are root's. */
export const USER = { name: 'tester', id: 1000, home: '/mnt/home/tester' };

export function makeUser() {
  const { name, id, home } = USER;
  mkdirSync(home, { recursive: true });
  chownSync(home, id, id);
  chmodSync(home, 0o700);
  const lines = { passwd: `${name}:x:${id}:${id}::${home}:/bin/sh`, group: `${name}:x:${id}:` };
  for (const [file, line] of Object.entries(lines)) {
    // The first one with this number has it.
    writeFileSync(`/mnt/${file}`, `${line}\n${readFileSync(`/etc/${file}`, 'utf8')}`);
    command('mount', '--bind', `/mnt/${file}`, `/etc/${file}`);
  }
}

/** What runs a command as that user, with a cache that images have a folder for, as they have none for its home. */
export function asUser() {
  const { id, home, name } = USER;
  const { PATH = '', SLURM_CONF } = process.env;
  const folders = PATH.split(':').filter((folder) => !folder.startsWith('/root'));
  return [
    ...['setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups', '--inh-caps=-all'],
    ...[
      'env',
      '-i',
      `PATH=${folders.join(':')}`,
      `SLURM_CONF=${SLURM_CONF}`,
      `HOME=${home}`,
      `USER=${name}`,
      'XDG_CACHE_HOME=/tmp',
    ],
  ];
}
