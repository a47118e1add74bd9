// @ts-check
/**
 * `sweepline images check` against real registries: `node checks/images/run.js`. Debian's docker-registry asks for a login. Distribution 3 asks
 * for tokens, and gives its tags in pages: `go install github.com/distribution/distribution/v3/cmd/registry@v3.0.0`, and REGISTRY is its path.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { AUTH, FLAVOURS, HOST, LOGIN } from './flavours.js';

/** @typedef {import('./flavours.js').Flavour} Flavour */

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
/** The newest of them are the last, by their names; old ones fill more than a page of 1,000. */
const TAGS = ['v1.0.0-cu130', 'v1.2.0-cu130', 'v1.3.0rc1-cu130', 'v9.0.0-cu129'];
const OLD = Array.from({ length: 1_100 }, (_, index) => `v0.0.${index}-cu130`);

for (const open of FLAVOURS) {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-images-'));
  const flavour = await open(folder);
  if ('leftOut' in flavour) console.log(`left out: ${flavour.leftOut}`);
  else await check(folder, flavour);
  rmSync(folder, { recursive: true });
}

/** @param {string} folder @param {Flavour} flavour */
async function check(folder, { name, program, auth, authorization, hasPages, refusal, close }) {
  const config = {
    ...{ version: 0.1, log: { level: 'error' }, auth, http: { addr: HOST } },
    storage: { filesystem: { rootdirectory: `${folder}/data` } },
  };
  writeFileSync(join(folder, 'registry.yml'), JSON.stringify(config));
  const registry = spawn(program, ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
  const ended = new Promise((resolve) => registry.once('close', resolve));
  try {
    await ready();
    const put = await opened(authorization);
    for (const tag of [...(hasPages ? OLD : []), ...TAGS]) await put(tag);
    if (hasPages) await assertPages(authorization);
    workspace(folder);
    const found = await sweepline(folder, 'docker');
    report(`${name}: newer tag, login`, found, 7, ['newer', 'missing', 'wrong-architecture']);
    assert.match(found.stdout, /v1\.2\.0-cu130/);
    report(`${name}: no login`, await sweepline(folder, 'none'), 8, [refusal]);
    report(`${name}: wrong password`, await sweepline(folder, 'wrong'), 8, ['HTTP 401']);
  } finally {
    registry.kill();
    await ended;
    close?.();
  }
  report(`${name}: registry that is down`, await sweepline(folder, 'docker'), 8, [
    "can't be reached: ECONNREFUSED",
  ]);
}

/** Else nothing would have been shown of pages. @param {string} authorization */
async function assertPages(authorization) {
  const first = await fetch(`http://${HOST}/v2/org/engine/tags/list?n=1000`, { headers: { authorization } });
  assert.match(first.headers.get('link') ?? '', /rel="next"/);
  assert.equal((await first.text()).includes('v1.2.0-cu130'), false, 'the newer tag is on the first page');
}

async function ready() {
  for (let left = 100; left > 0; left--) {
    const status = await fetch(`http://${HOST}/v2/`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 401) return;
    await delay(100);
  }
  throw new Error('docker-registry does not start');
}

/** Uploads an image without layers; what is returned gives it one more tag. @param {string} authorization */
async function opened(authorization) {
  const headers = { authorization };
  const base = `http://${HOST}/v2/org/engine`;
  const config = JSON.stringify({
    os: 'linux',
    architecture: 'amd64',
    config: {},
    rootfs: { type: 'layers', diff_ids: [] },
  });
  const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
  const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST', headers });
  const at = new URL(begun.headers.get('location') ?? '', base);
  at.searchParams.set('digest', digest);
  await fetch(at, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    body: config,
  });
  const mediaType = 'application/vnd.docker.container.image.v1+json';
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType, digest, size: config.length },
    layers: [],
  });
  return async (/** @type {string} */ tag) => {
    const put = await fetch(`${base}/manifests/${tag}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': MANIFEST },
      body,
    });
    assert.equal(put.status, 201, await put.text());
  };
}

/** @param {string} folder */
function workspace(folder) {
  for (const name of ['configs', 'docker', 'none', 'wrong', 'node_modules']) mkdirSync(join(folder, name));
  symlinkSync(join(ROOT, 'node_modules/@sweepline'), join(folder, 'node_modules/@sweepline'));
  writeFileSync(
    join(folder, 'configs/sweepline.yaml'),
    "plugins: ['@sweepline/hw-nvidia', '@sweepline/ci']\n",
  );
  const wrong = Buffer.from(`${LOGIN.user}:wrong`).toString('base64');
  for (const [name, auth] of Object.entries({ docker: AUTH, wrong }))
    writeFileSync(join(folder, `${name}/config.json`), JSON.stringify({ auths: { [HOST]: { auth } } }));
  writeFileSync(
    join(folder, 'configs/a.yaml'),
    entry('a', 'v1.0.0-cu130', 'h200') + entry('b', 'v0.1', 'h200') + entry('c', 'v9.0.0-cu129', 'gb200'),
  );
}

/** @param {string} key @param {string} tag @param {string} runner */
function entry(key, tag, runner) {
  return (
    `${key}: { image: '${HOST}/org/engine:${tag}', model: org/m, model-prefix: m, runner: ${runner}, precision: fp8, framework: vllm, multinode: false, ` +
    `seq-len-configs: [{ isl: 1024, osl: 1024, search-space: [{ tp: 4, conc-list: [4] }] }] }\n`
  );
}

/** @param {string} folder @param {string} docker the one of Docker's config.json in it */
function sweepline(folder, docker) {
  return execa(process.execPath, [BIN, 'images', 'check'], {
    cwd: folder,
    env: { DOCKER_CONFIG: join(folder, docker) },
    reject: false,
  });
}

/** @param {string} name @param {Awaited<ReturnType<typeof sweepline>>} outcome @param {number} exitCode @param {readonly string[]} words */
function report(name, { exitCode: given, stdout, stderr }, exitCode, words) {
  assert.equal(given, exitCode, `${name}: ${stdout}${stderr}`);
  for (const word of words) assert.ok(stdout.includes(word), `${name}: no ${word} in\n${stdout}`);
  assert.ok(
    !`${stdout}${stderr}`.includes(LOGIN.password) && !`${stdout}${stderr}`.includes(AUTH),
    `${name}: a secret was printed`,
  );
  console.log(`ok: ${name}`);
}
