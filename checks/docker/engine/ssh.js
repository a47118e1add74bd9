// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './engine.js';
import { childOf } from './other-machine.js';

/** Where the other machine has its folder. */
const FOLDER_THERE = '/mnt/ssh';
/** Takes the key of the check, and no host but the other machine. */
const CLIENT = (/** @type {string} */ folder, /** @type {string} */ ssh) => `#!/bin/sh
exec ${ssh} -F none -i ${folder}/user -o UserKnownHostsFile=${folder}/known_hosts -o BatchMode=yes "$@"
`;

/**
 * Lets this machine's root into the other machine by ssh, with a key of its own.
 * @param {import('./other-machine.js').OtherMachine} machine
 * @returns {Promise<{ env: NodeJS.ProcessEnv, stop: () => Promise<void> }>} what leads docker there
 */
export async function startSsh({ root, init, address, env }) {
  const folder = join(root, 'ssh');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
  const publicKey = execFileSync('ssh-keygen', ['-y', '-f', join(folder, 'host')], { encoding: 'utf8' });
  writeFileSync(join(folder, 'known_hosts'), `${address} ${publicKey}`);
  const program = join(folder, 'bin', 'ssh');
  writeFileSync(program, CLIENT(folder, execFileSync('which', ['ssh'], { encoding: 'utf8' }).trim()));
  chmodSync(program, 0o755);
  const settings = [
    `ListenAddress=${address}`,
    ...[`HostKey=${FOLDER_THERE}/host`, `AuthorizedKeysFile=${FOLDER_THERE}/user.pub`],
    ...['StrictModes=no', 'PermitRootLogin=yes', 'UsePAM=no', 'PidFile=none'],
  ];
  const sshd = execFileSync('which', ['sshd'], { encoding: 'utf8' }).trim();
  const options = settings.flatMap((setting) => ['-o', setting]);
  const inside = ['--target', init, '--mount', '--net', '--uts', '--pid'];
  const daemon = spawn('nsenter', [...inside, sshd, '-D', '-e', '-f', '/dev/null', ...options], {
    stdio: 'ignore',
  });
  const there = {
    ...env,
    DOCKER_HOST: `ssh://root@${address}`,
    PATH: `${join(folder, 'bin')}:${env['PATH']}`,
  };
  await until(() => answers(program, address), 'sshd to answer');
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  return {
    env: there,
    async stop() {
      const entered = childOf(daemon.pid);
      if (entered !== undefined) process.kill(Number(entered));
      await ended;
    },
  };
}

/** @param {string} ssh @param {string} address */
function answers(ssh, address) {
  try {
    execFileSync(ssh, [`root@${address}`, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
