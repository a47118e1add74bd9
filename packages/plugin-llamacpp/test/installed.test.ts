import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { PEER_RANGE } from '../src/engine/installed.js';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

test('without node-llama-cpp its server says at once how to install it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-no-engine-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(PACKAGE, 'dist'), join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

  const main = join(folder, 'dist', 'server', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--model', 'synthetic:tiny'], {
    encoding: 'utf8',
  });

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toBe(
    'error: node-llama-cpp is not installed: npm install node-llama-cpp@^3.22.1, or set options.server to a llama-server binary\n',
  );
});

test('the version that it asks for is that of package.json', () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    peerDependencies: Readonly<Record<string, string>>;
  };
  expect(peerDependencies['node-llama-cpp']).toBe(PEER_RANGE);
});
