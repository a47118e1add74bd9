// @ts-check
/** `sweepline images check` against Debian's docker-registry, with a login: `node checks/images/run.js`. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
const HOST = '127.0.0.1:15931';
const LOGIN = { user: 'bench', password: 'not-a-secret' };
const AUTH = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64');
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

const folder = mkdtempSync(join(tmpdir(), 'sweepline-images-'));
const program = registryProgram();
if (program === undefined) console.log("left out: Debian's docker-registry can't be had here");
else await check(program);
rmSync(folder, { recursive: true });

/** Installed, or unpacked from Debian's package. */
function registryProgram() {
  const quiet = /** @type {const} */ ({ cwd: folder, stdio: 'ignore' });
  try {
    execFileSync('docker-registry', ['--version'], quiet);
    return 'docker-registry';
  } catch {
    // Not installed.
  }
  try {
    execFileSync('apt-get', ['download', 'docker-registry'], quiet);
    execFileSync('sh', ['-c', 'dpkg -x docker-registry_*.deb unpacked'], quiet);
    return join(folder, 'unpacked/usr/bin/docker-registry');
  } catch {
    return undefined;
  }
}

/** @param {string} program */
async function check(program) {
  // The user's password as bcrypt; perl's crypt is the C library's.
  const salt = '$2y$05$abcdefghijklmnopqrstuu';
  const hash = execFileSync('perl', ['-e', 'print crypt($ARGV[0], $ARGV[1])', LOGIN.password, salt], {
    encoding: 'utf8',
  });
  writeFileSync(join(folder, 'htpasswd'), `${LOGIN.user}:${hash}\n`);
  writeFileSync(
    join(folder, 'registry.yml'),
    `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\n` +
      `auth: {htpasswd: {realm: test, path: ${folder}/htpasswd}}\nhttp: {addr: ${HOST}}\n`,
  );
  const registry = spawn(program, ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
  const ended = new Promise((resolve) => registry.once('close', resolve));
  try {
    await ready();
    for (const tag of ['v1.0.0-cu130', 'v1.2.0-cu130', 'v1.3.0rc1-cu130', 'v9.0.0-cu129']) await push(tag);
    workspace();
    const found = await sweepline(join(folder, 'docker'));
    report('newer tag, login', found, 7, ['newer', 'missing', 'wrong-architecture']);
    assert.match(found.stdout, /v1\.2\.0-cu130/);
    report('no login', await sweepline(join(folder, 'none')), 8, ['asks for a login']);
  } finally {
    registry.kill();
    await ended;
  }
  report('registry that is down', await sweepline(join(folder, 'docker')), 8, [
    "can't be reached: ECONNREFUSED",
  ]);
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

/** An image without layers. @param {string} tag */
async function push(tag) {
  const headers = { authorization: `Basic ${AUTH}` };
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
  const put = await fetch(`${base}/manifests/${tag}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': MANIFEST },
    body,
  });
  assert.equal(put.status, 201);
}

function workspace() {
  for (const name of ['configs', 'docker', 'none', 'node_modules']) mkdirSync(join(folder, name));
  symlinkSync(join(ROOT, 'node_modules/@sweepline'), join(folder, 'node_modules/@sweepline'));
  writeFileSync(
    join(folder, 'configs/sweepline.yaml'),
    "plugins: ['@sweepline/hw-nvidia', '@sweepline/ci']\n",
  );
  writeFileSync(join(folder, 'docker/config.json'), JSON.stringify({ auths: { [HOST]: { auth: AUTH } } }));
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

/** @param {string} docker folder of Docker's config.json */
function sweepline(docker) {
  return execa(process.execPath, [BIN, 'images', 'check'], {
    cwd: folder,
    env: { DOCKER_CONFIG: docker },
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
