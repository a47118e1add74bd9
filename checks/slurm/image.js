// @ts-check
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What programs of Node.js need besides what they are linked with: names of hosts and users, llama.cpp's threads. */
const MORE_LIBRARIES = ['libgomp.so.1', 'libnss_files.so.2', 'libresolv.so.2'];
const FOLDERS = [
  'bin',
  'usr/bin',
  'usr/lib',
  'etc',
  'tmp',
  'root',
  'proc',
  'sys',
  'dev',
  'run',
  'var/tmp',
  'home',
  'workspace',
];

/** A root file system with busybox and this machine's Node.js. @param {string} root */
export function makeRootFileSystem(root) {
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of ['tmp', 'var/tmp']) chmodSync(join(root, folder), 0o1777);
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  for (const name of text('/bin/busybox', '--list').split('\n'))
    if (name !== '' && name !== 'busybox') symlinkSync('/bin/busybox', join(root, 'bin', name));
  symlinkSync('/bin/busybox', join(root, 'usr/bin/env'));
  copyProgram(root, process.execPath, '/usr/bin/node');
  copyProgram(root, '/bin/bash', '/usr/bin/bash');
  const known = text('ldconfig', '-p').split('\n');
  for (const name of MORE_LIBRARIES) {
    const file = known
      .find((line) => line.trim().startsWith(`${name} `) && line.includes('x86-64'))
      ?.split(' => ')[1];
    if (file !== undefined) copyLibrary(root, file);
  }
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
  );
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  // The cluster's, as enroot shows it in containers.
  copyFileSync('/etc/hosts', join(root, 'etc/hosts'));
  writeFileSync(join(root, 'etc/resolv.conf'), '');
  writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
}

/** enroot's format. @param {string} root @param {string} file */
export function makeSquashFile(root, file) {
  execFileSync('mksquashfs', [root, file, '-comp', 'lzo', '-noD', '-all-root', '-quiet', '-no-progress'], {
    stdio: 'ignore',
  });
}

/** @param {string} root @param {string} from @param {string} to */
function copyProgram(root, from, to) {
  const file = realpathSync(from);
  mkdirSync(dirname(join(root, to)), { recursive: true });
  copyFileSync(file, join(root, to));
  chmodSync(join(root, to), 0o755);
  for (const [library] of text('ldd', file).matchAll(/\/\S+(?= \()/g)) copyLibrary(root, library);
}

/** @param {string} root @param {string} file */
function copyLibrary(root, file) {
  if (existsSync(join(root, file))) return;
  mkdirSync(dirname(join(root, file)), { recursive: true });
  copyFileSync(realpathSync(file), join(root, file));
  chmodSync(join(root, file), 0o755);
}

/** @param {string} file @param {string[]} args */
function text(file, ...args) {
  return execFileSync(file, args, { encoding: 'utf8' });
}
