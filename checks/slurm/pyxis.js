// @ts-check
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './cluster.js';

/**
 * Builds NVIDIA's enroot and pyxis for Debian's Slurm below the cluster's folder, and returns the line of plugstack.conf. Not in their
 * archives are enroot's submodules (musl, Linux headers, makeself): glibc and the host's headers do.
 * @param {string} enroot @param {string} pyxis git folders of NVIDIA/enroot and NVIDIA/pyxis
 * @param {string[]} hosts names of the nodes, which have enroot's folders each
 */
export function buildPyxis(enroot, pyxis, hosts) {
  const usr = join(ROOT, 'usr');
  const built = checkOut(enroot, 'enroot');
  const makeself = join(built, 'deps/dist/makeself/bin');
  mkdirSync(makeself, { recursive: true });
  writeFileSync(join(makeself, 'enroot-makeself'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  // Through the environment: on make's command line it would take the place of the Makefiles' own flags.
  const flags = { CPPFLAGS: '-D_GNU_SOURCE -include bsd/string.h' };
  make(built, flags, '-o', 'deps', 'FORCE_GLIBC=1', `prefix=${usr}`, `sysconfdir=${ROOT}/etc`, 'install');
  // As `make setcap` does: else only root imports images of several layers.
  execFileSync('setcap', ['cap_sys_admin+pe', join(usr, 'bin/enroot-mksquashovlfs')]);
  execFileSync('setcap', ['cap_sys_admin,cap_mknod+pe', join(usr, 'bin/enroot-aufs2ovlfs')]);
  appendFileSync(join(ROOT, 'etc/enroot/enroot.conf'), enrootConf());
  for (const folder of [
    'tmp',
    'cache',
    ...['run/enroot', 'data'].flatMap((above) => hosts.map((host) => `${above}/${host}`)),
  ]) {
    mkdirSync(join(ROOT, folder), { recursive: true });
    chmodSync(join(ROOT, folder), 0o1777);
  }
  const plugin = checkOut(pyxis, 'pyxis');
  make(plugin, { CPPFLAGS: '-isystem /usr/include' });
  process.env['PATH'] = `${usr}/bin:${process.env['PATH']}`;
  return `required ${plugin}/spank_pyxis.so runtime_path=${ROOT}/run/pyxis execute_entrypoint=0`;
}

function enrootConf() {
  return `ENROOT_RUNTIME_PATH ${ROOT}/run/enroot/$(hostname)/$(id -u)
ENROOT_CACHE_PATH ${ROOT}/cache/$(id -u)
ENROOT_DATA_PATH ${ROOT}/data/$(hostname)/$(id -u)
ENROOT_TEMP_PATH ${ROOT}/tmp
ENROOT_SQUASH_OPTIONS -comp lzo -noD -exit-on-error
ENROOT_ALLOW_HTTP yes
`;
}

/** Our own plugin with the same flags; it has no enroot, and so no imports. @returns {string} */
export function buildStandIn() {
  const library = join(ROOT, 'containers.so');
  const source = fileURLToPath(new URL('containers.c', import.meta.url));
  execFileSync('gcc', ['-Wall', '-Wextra', '-fPIC', '-shared', '-o', library, source]);
  return `required ${library}`;
}

/** @param {string} git @param {string} name */
function checkOut(git, name) {
  const folder = join(ROOT, 'src', name);
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync('git', [`--git-dir=${git}`, 'archive', 'HEAD'], { maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  return folder;
}

/** @param {string} folder @param {Record<string, string>} env @param {string[]} args */
function make(folder, env, ...args) {
  execFileSync('make', ['-s', ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
