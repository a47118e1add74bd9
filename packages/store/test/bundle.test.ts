import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, verify as verifySignature } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { entriesOf } from './archives.js';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { measure, type Measured } from './measured.js';

let measured: Measured;
let workspace: StoreWorkspace;
beforeAll(async () => {
  measured = await measure();
  workspace = await makeStoreWorkspace(measured.workspace.root);
});
afterAll(() => measured[Symbol.asyncDispose]());

const { privateKey } = generateKeyPairSync('ed25519');
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

async function keyFile(content = PEM, mode = 0o600): Promise<string> {
  const file = await workspace.write(`key-${Math.random()}.pem`, content);
  await chmod(file, mode);
  return file;
}

let count = 0;
const newPath = (): string => join(workspace.root, `bundle-${++count}.tar.gz`);

/** A copy of the measured run. */
async function copyOfRun(): Promise<{ run: string; point: string }> {
  const run = join(workspace.root, `run-${++count}`);
  await cp(measured.run, run, { recursive: true });
  const [name = ''] = await readdir(join(run, 'points'));
  return { run, point: join(run, 'points', name) };
}

it('has the same bytes each time, that tar can read, with all of the point but its logs', async () => {
  const [one, two] = [newPath(), newPath()];
  const { exitCode, stdout } = await workspace.run('bundle', measured.point, '--out', one);
  await workspace.run('bundle', measured.run, 'acme', '--out', two);

  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${one}\n` });
  expect(await readFile(one)).toEqual(await readFile(two));
  const names = execFileSync('tar', ['tzf', one], { encoding: 'utf8' }).trim().split('\n');
  expect(names).toEqual([
    ...['manifest.json', 'config/acme.yaml', 'load.json', 'plan.json'],
    ...['raw.json', 'records.jsonl', 'result.json', 'run.json'],
  ]);
  for (const file of ['result.json', 'records.jsonl', 'plan.json'])
    expect(execFileSync('tar', ['xOzf', one, file])).toEqual(await readFile(join(measured.point, file)));
});

it('says in its manifest what it has, what is missing and what was left out', async () => {
  const path = newPath();
  await workspace.run('bundle', measured.point, '--out', path);
  const [manifest] = await entriesOf(path);

  expect(JSON.parse(manifest!.content.toString())).toMatchObject({
    schema: 'sweepline.bundle/1',
    contents: { plan: 'plan.json', seed: 'load.json#/prompts/seed', config: 'config/acme.yaml' },
    missing: expect.arrayContaining([expect.objectContaining({ what: 'weights' })]) as unknown,
    leftOut: [{ what: 'logs' }, { what: 'run.json#/process' }, { what: 'run.json#/command' }],
  });
  const run = (await entriesOf(path)).find(({ name }) => name === 'run.json')!.content.toString();
  expect(run).not.toContain(`"cwd"`);
});

it('has logs if they are asked for', async () => {
  const path = newPath();
  await workspace.run('bundle', measured.point, '--logs', '--out', path);
  const names = (await entriesOf(path)).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('logs/'))).not.toEqual([]);
});

it('leaves out configs that may have changed or are none of the workspace, and says so', async () => {
  const { run, point } = await copyOfRun();
  const info = JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as object;
  const config = await workspace.write('later.yaml', 'a: 1');
  const link = join(workspace.root, 'link.yaml');
  await symlink('/etc/hostname', link);
  await writeFile(
    join(run, 'run.json'),
    JSON.stringify({ ...info, configFiles: [config, '/none/x.yaml', '/etc/hostname', link] }),
  );
  const path = newPath();
  await workspace.run('bundle', point, '--out', path);
  const entries = await entriesOf(path);
  expect(entries.map(({ name }) => name)).not.toContain('config/later.yaml');
  expect(JSON.parse(entries[0]!.content.toString())).toMatchObject({
    missing: expect.arrayContaining([
      { what: 'config later.yaml', why: 'it was written after the run had begun' },
      { what: 'config x.yaml', why: 'it is no longer there' },
      { what: 'config hostname', why: 'it is not a YAML file of this workspace' },
      { what: 'config link.yaml', why: 'it is not a YAML file of this workspace' },
    ]) as unknown,
  });
});

it('is signed over the bytes of its manifest, and never holds the private key', async () => {
  const path = newPath();
  const { said } = await workspace.run('bundle', measured.point, '--sign', await keyFile(), '--out', path);
  const [manifest, signature] = await entriesOf(path);
  const { publicKey, signature: bytes } = JSON.parse(signature!.content.toString()) as Record<string, string>;

  expect(signature!.name).toBe('manifest.sig.json');
  expect(
    verifySignature(null, manifest!.content, createPublicKey(publicKey!), Buffer.from(bytes!, 'base64')),
  ).toBe(true);
  const secret = PEM.split('\n')[1]!;
  expect(said).not.toContain(secret);
  expect(gunzipSync(await readFile(path)).includes(secret)).toBe(false);
});

it('warns of a key that others can read', async () => {
  const { said } = await workspace.run(
    ...(['bundle', measured.point, '--sign', await keyFile(PEM, 0o644), '--out', newPath()] as const),
  );
  expect(said).toMatch(/warning: .* readable by others/);
});

const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
it.each([
  [
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----',
    /OpenSSH's own format/,
  ],
  [encrypted.toString(), /it has a passphrase/],
  [rsa.export({ type: 'pkcs8', format: 'pem' }).toString(), /it is a key for rsa/],
  [publicPem.toString(), /it is a public key/],
  ['top secret 1234', /not a private key in PEM/],
])('a key that is none for this is refused, and not shown: %#', async (content, reason) => {
  const path = newPath();
  const { exitCode, said } = await workspace.run(
    ...(['bundle', measured.point, '--sign', await keyFile(content), '--out', path] as const),
  );
  expect(exitCode).toBe(99);
  expect(said).toMatch(reason);
  expect(said).toMatch(/openssl genpkey/);
  for (const line of content.split('\n').filter((line) => !line.startsWith('-----') && line !== ''))
    expect(said).not.toContain(line);
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});

it('replaces no file, and leaves none if it fails', async () => {
  const path = newPath();
  await writeFile(path, 'mine');
  expect((await workspace.run('bundle', measured.point, '--out', path)).said).toMatch(/is there already/);
  expect(await readFile(path, 'utf8')).toBe('mine');

  const { point } = await copyOfRun();
  await rm(join(point, 'records.jsonl'));
  await mkdir(join(workspace.root, 'empty'));
  const out = join(workspace.root, 'empty', 'x');
  expect((await workspace.run('bundle', point, '--out', out)).said).toMatch(
    /the result names it, and it is not there/,
  );
  expect(await readdir(join(workspace.root, 'empty'))).toEqual([]);
});

it('takes no file from outside of the point', async () => {
  const { point } = await copyOfRun();
  await rm(join(point, 'records.jsonl'));
  await symlink('/etc/hostname', join(point, 'records.jsonl'));
  expect((await workspace.run('bundle', point, '--out', newPath())).said).toMatch(/not a regular file/);

  const result = join(point, 'result.json');
  const text = await readFile(result, 'utf8');
  await writeFile(result, text.replace('"records.jsonl"', '"../../run.json"'));
  expect((await workspace.run('bundle', point, '--out', newPath())).said).toMatch(
    /characters that a bundle does not allow/,
  );
});

it('is not written with a secret of the environment', async () => {
  const { point } = await copyOfRun();
  vi.stubEnv('ACME_TOKEN', 'hunter2-hunter2');
  const logs = join(point, 'logs');
  const [log = ''] = await readdir(logs);
  await writeFile(join(logs, log), `${'x'.repeat(70_000)} hunter2-hunter2`);
  const path = newPath();
  const { said } = await workspace.run('bundle', point, '--logs', '--out', path);
  vi.unstubAllEnvs();
  expect(said).toMatch(/holds a secret/);
  expect(said).not.toContain('hunter2');
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});

it('names what it could have been asked for', async () => {
  expect((await workspace.run('bundle', 'nowhere')).said).toMatch(/there is no result in nowhere/);
  expect((await workspace.run('bundle', measured.run, 'absent')).said).toMatch(/has no point absent.*acme/);
});
