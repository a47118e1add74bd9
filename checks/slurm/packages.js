// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's packages by a file of each. */
const FILES = {
  'slurm-wlm': '/usr/sbin/slurmctld',
  munge: '/usr/sbin/munged',
  'libslurm-dev': '/usr/include/slurm/spank.h',
  'libpmix-dev': '/usr/lib/x86_64-linux-gnu/pmix2/lib/libpmix.so',
  'squashfs-tools': '/usr/bin/unsquashfs',
  'busybox-static': '/bin/busybox',
  iproute2: '/usr/sbin/ip',
  gcc: '/usr/bin/gcc',
};
const OF_PYXIS = {
  'docker-registry': '/usr/bin/docker-registry',
  skopeo: '/usr/bin/skopeo',
  umoci: '/usr/bin/umoci',
  'libbsd-dev': '/usr/include/bsd/string.h',
  'libcap2-bin': '/usr/sbin/setcap',
  parallel: '/usr/bin/parallel',
  jq: '/usr/bin/jq',
  make: '/usr/bin/make',
};

/** Why the check can't be made here. @param {boolean} pyxis @returns {string | undefined} */
export function missing(pyxis) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs Linux and root';
  const lacking = Object.entries({ ...FILES, ...(pyxis ? OF_PYXIS : {}) }).filter(
    ([, file]) => !existsSync(file),
  );
  if (lacking.length > 0) return `Debian's packages ${lacking.map(([name]) => name).join(', ')} aren't here`;
  const sources = ['ENROOT_SRC', 'PYXIS_SRC'].filter((name) => pyxis && !existsSync(process.env[name] ?? ''));
  if (sources.length > 0)
    return `${sources.join(' and ')} must name git folders of NVIDIA/enroot and NVIDIA/pyxis`;
  try {
    execFileSync('unshare', ['--mount', '--net', '--pid', '--fork', '--mount-proc', 'true'], {
      stdio: 'ignore',
    });
  } catch {
    return 'no namespaces can be made here';
  }
  return undefined;
}
