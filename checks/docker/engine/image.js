// @ts-check
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Name of the image that is made here. */
export const IMAGE = 'localhost/sweepline-check:1';

/** What llama.cpp needs in addition, and what looks names up. */
const LIBRARIES = ['libgomp.so.1', 'libnss_files.so.2', 'libresolv.so.2', 'libstdc++.so.6'];
const FILES = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/nonexistent:/bin/false\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  'etc/nsswitch.conf': 'hosts: files dns\n',
};

/** A root file system with busybox, bash and this machine's Node, at the same path as here. @param {string} root */
export function makeRootfs(root) {
  makeSmallRootfs(root);
  symlinkSync('../../bin/busybox', join(root, 'usr/bin/env'));
  copyProgram(process.execPath, process.execPath, root);
  if (!existsSync(join(root, 'usr/bin/node'))) symlinkSync(process.execPath, join(root, 'usr/bin/node'));
  copyProgram('/bin/bash', '/usr/bin/bash', root);
  const known = execFileSync('ldconfig', ['-p'], { encoding: 'utf8' });
  for (const library of LIBRARIES) {
    const found = known
      .split('\n')
      .find((line) => line.trim().startsWith(`${library} `) && line.includes('64'));
    const path = found?.split(' => ')[1];
    if (path !== undefined) copyFile(path, path, root);
  }
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(root, file), text);
}

/** A root file system with busybox alone, which needs no libraries. @param {string} root */
export function makeSmallRootfs(root) {
  for (const folder of ['bin', 'usr/bin', 'etc', 'root', 'proc', 'sys', 'dev', 'run', 'tmp', 'var/tmp']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  cpSync('/bin/busybox', join(root, 'bin/busybox'), { dereference: true });
  for (const applet of execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
    if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
}

/** With the libraries that it is linked with, at their own paths. @param {string} from @param {string} to @param {string} root */
export function copyProgram(from, to, root) {
  copyFile(from, to, root);
  const linked = execFileSync('ldd', [from], { encoding: 'utf8' });
  for (const [path] of linked.matchAll(/\/[^\s)]+/g)) copyFile(path, path, root);
}

/** @param {string} from @param {string} to @param {string} root */
function copyFile(from, to, root) {
  const target = join(root, to);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(from), target);
}

/**
 * Makes an image of a root file system without a registry.
 * @param {string} rootfs @param {import('./engine.js').Engine} engine @param {string} [name]
 */
export function importImage(rootfs, { program, env }, name = IMAGE) {
  const tar = `${rootfs}.tar`;
  if (!existsSync(tar)) execFileSync('tar', ['-C', rootfs, '-cf', tar, '.']);
  execFileSync(program, ['import', '--change', 'CMD ["/bin/sh"]', tar, name], { env, stdio: 'pipe' });
}
