// @ts-check
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Debian's packages of the programs. */
const PACKAGES = {
  dockerd: 'docker.io',
  docker: 'docker.io',
  'docker-registry': 'docker-registry',
  podman: 'podman',
  catatonit: 'catatonit',
  runc: 'runc',
  jq: 'jq',
  unshare: 'util-linux',
  busybox: 'busybox-static',
};
const OF_BOTH = /** @type {const} */ (['runc', 'jq', 'unshare', 'busybox', 'docker-registry']);
const OWN = /** @type {const} */ ({ docker: ['dockerd', 'docker'], podman: ['podman', 'catatonit'] });

/** Why the check can't be run here, or undefined. @param {'docker' | 'podman'} program */
export function missingHere(program) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux';
  const missing = [...OF_BOTH, ...OWN[program]].filter((name) => !isOnPath(name));
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((name) => PACKAGES[name]))];
  return `it needs Debian's packages ${packages.join(', ')}`;
}

/** @param {string} program */
export function isOnPath(program) {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/libexec/podman', '/usr/bin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
