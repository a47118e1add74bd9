// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './cluster.js';
import { LOGIN } from './config.js';

/** Nodes reach it as well. */
export const REGISTRY = `${LOGIN.address}:15000`;

/** A real registry, without TLS and logins. */
export async function startRegistry() {
  const folder = join(ROOT, 'registry');
  mkdirSync(folder);
  writeFileSync(
    `${folder}.yml`,
    `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${folder}}, delete: {enabled: true}}\nhttp: {addr: ${REGISTRY}}\n`,
  );
  const child = spawn('docker-registry', ['serve', `${folder}.yml`], { stdio: 'ignore' });
  for (let left = 100; left > 0; left--) {
    if (
      await fetch(`http://${REGISTRY}/v2/`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return child;
    await delay(100);
  }
  throw new Error('docker-registry does not start');
}

/** Pushes a root file system as an image of one layer. @param {string} root @param {string} name with its tag */
export function pushImage(root, name) {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  const layout = `${folder}/layout:x`;
  /** @param {string} file @param {string[]} args */
  const run = (file, ...args) => execFileSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  run('tar', '-C', root, '-cf', `${folder}/layer.tar`, '.');
  run('umoci', 'init', '--layout', `${folder}/layout`);
  run('umoci', 'new', '--image', layout);
  run('umoci', 'raw', 'add-layer', '--image', layout, `${folder}/layer.tar`);
  run('umoci', 'config', '--image', layout, '--config.env', 'PATH=/usr/bin:/bin', '--config.cmd', '/bin/sh');
  const options = ['--insecure-policy', '--quiet', '--format', 'v2s2', '--dest-tls-verify=false'];
  run('skopeo', 'copy', ...options, `oci:${layout}`, `docker://${REGISTRY}/${name}`);
  run('rm', '-rf', folder);
}
