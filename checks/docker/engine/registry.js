// @ts-check
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REGISTRY, until } from './engine.js';

/** A registry without TLS and login. @param {string} root */
export async function startRegistry(root) {
  await mkdir(root, { recursive: true });
  const config = join(root, 'config.yml');
  const settings = {
    version: '0.1',
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: join(root, 'data') } },
    http: { addr: REGISTRY },
  };
  await writeFile(config, JSON.stringify(settings));
  const registry = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = new Promise((resolve) => registry.once('exit', resolve));
  await until(
    () =>
      fetch(`http://${REGISTRY}/v2/`).then(
        ({ ok }) => ok,
        () => false,
      ),
    'the registry to answer',
  );
  return {
    async stop() {
      registry.kill();
      await ended;
    },
  };
}
