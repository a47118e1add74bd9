// @ts-check
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An archive of an image for arm64 that holds one file, for `docker load`. @param {string} folder @param {string} name */
export function foreignImage(folder, name) {
  const layer = join(folder, 'layer.tar');
  const config = join(folder, 'config.json');
  const manifest = join(folder, 'manifest.json');
  writeFileSync(join(folder, 'file'), 'x');
  execFileSync('tar', ['-C', folder, '-cf', layer, 'file']);
  const digest = execFileSync('sha256sum', [layer], { encoding: 'utf8' }).split(' ')[0] ?? '';
  writeFileSync(
    config,
    JSON.stringify({
      ...{ architecture: 'arm64', os: 'linux', config: { Cmd: ['/file'] } },
      rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    }),
  );
  writeFileSync(
    manifest,
    JSON.stringify([{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }]),
  );
  const archive = join(folder, 'foreign.tar');
  execFileSync('tar', ['-C', folder, '-cf', archive, 'manifest.json', 'config.json', 'layer.tar']);
  return archive;
}
