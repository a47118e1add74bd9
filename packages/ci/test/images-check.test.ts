import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { digestOf, startRegistry, type RegistryContent } from './registry-server.js';
import { entry, makeWorkspace, type Workspace } from './workspace.js';

const IMAGES = {
  'org/engine:v1.0.0-cu130': ['amd64', 'arm64'],
  'org/engine:v1.1.0-cu130': ['amd64', 'arm64'],
  'org/engine:v1.2.0-cu130': ['amd64'],
  'org/engine:v1.3.0rc1-cu130': ['amd64', 'arm64'],
  'org/engine:x86': ['amd64'],
};

interface Setting extends AsyncDisposable {
  readonly host: string;
  readonly asked: readonly string[];
  readonly workspace: Workspace;
}

/** @param configs texts of config files; $HOST stands for the registry */
async function setting(
  configs: Readonly<Record<string, string>>,
  content: Partial<RegistryContent> = {},
): Promise<Setting> {
  const registry = await startRegistry({ images: IMAGES, ...content });
  const files = Object.entries(configs).map(([name, text]) => [
    name,
    text.replaceAll('$HOST', registry.host),
  ]);
  const workspace = await makeWorkspace(Object.fromEntries(files) as Record<string, string>);
  return {
    ...{ host: registry.host, asked: registry.asked, workspace },
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

interface Report {
  readonly image: string;
  readonly status: string;
  readonly notes: readonly string[];
  readonly proposal?: string;
  readonly newest?: string;
}

async function reports(workspace: Workspace, ...args: readonly string[]) {
  const { exitCode, stdout, said } = await workspace.check('--json', ...args);
  return { exitCode, said, images: (JSON.parse(stdout) as { images: readonly Report[] }).images };
}

const OLD = '$HOST/org/engine:v1.0.0-cu130';
afterEach(() => void vi.unstubAllEnvs());

describe('sweepline images check', () => {
  it('proposes the newest of the flavour that is there for the architectures needed', async () => {
    await using given = await setting({ 'configs/a.yaml': entry('a', OLD) + entry('b', OLD, 'gb200-nv_0') });
    const both = await reports(given.workspace);
    expect(both).toMatchObject({ exitCode: 0, images: [{ status: 'newer', newest: 'v1.1.0-cu130' }] });
    await given.workspace.write({ 'configs/a.yaml': entry('a', OLD.replace('$HOST', given.host)) });
    expect((await reports(given.workspace)).images).toMatchObject([{ newest: 'v1.2.0-cu130' }]);
  });

  it('says what is missing, and for another architecture, and that a tag has no order', async () => {
    const configs =
      entry('a', '$HOST/org/engine:v0.1') + entry('b', '$HOST/org/engine:x86', 'gb200') + entry('c', 'host');
    await using given = await setting({ 'configs/a.yaml': configs });
    const { exitCode, images } = await reports(given.workspace);
    expect(exitCode).toBe(7);
    expect(images.map(({ status }) => status)).toEqual(['missing', 'wrong-architecture']);
    expect(images[1]?.notes).toEqual(['x86 has no order: newer ones are not looked for']);
  });

  it('follows pages of tags, and takes a token with the login of Docker’s config.json', async () => {
    await using given = await setting(
      { 'configs/a.yaml': entry('a', OLD) },
      { perPage: 2, login: 'me:pass:word' },
    );
    const auth = Buffer.from('me:pass:word').toString('base64');
    await given.workspace.write({
      'docker/config.json': JSON.stringify({ auths: { [given.host]: { auth } } }),
    });
    vi.stubEnv('DOCKER_CONFIG', join(given.workspace.root, 'docker'));
    const { images, said } = await reports(given.workspace);
    expect(images).toMatchObject([{ status: 'newer', newest: 'v1.2.0-cu130' }]);
    expect(given.asked.filter((one) => one.includes('/tags/list')).length).toBeGreaterThan(2);
    expect(JSON.stringify(images) + said).not.toMatch(/pass:word|good/);
  });

  it('takes logins from credential helpers, and says where one fails', async () => {
    await using given = await setting({ 'configs/a.yaml': entry('a', OLD) }, { login: 'me:secret' });
    await given.workspace.write({
      'docker/config.json': JSON.stringify({ credHelpers: { [given.host]: 'test' } }),
      'bin/docker-credential-test': `#!/bin/sh\nread -r name\necho "{\\"ServerURL\\":\\"$name\\",\\"Username\\":\\"me\\",\\"Secret\\":\\"secret\\"}"\n`,
      'bin/docker-credential-broken': `#!/bin/sh\necho secret\nexit 3\n`,
    });
    for (const name of ['test', 'broken'])
      await chmod(join(given.workspace.root, 'bin', `docker-credential-${name}`), 0o755);
    vi.stubEnv('DOCKER_CONFIG', join(given.workspace.root, 'docker'));
    vi.stubEnv('PATH', [join(given.workspace.root, 'bin'), process.env['PATH']].join(delimiter));
    expect((await reports(given.workspace)).images).toMatchObject([{ status: 'newer' }]);
    await given.workspace.write({ 'docker/config.json': '{"credsStore":"broken"}' });
    const failed = await reports(given.workspace);
    expect(failed).toMatchObject({ exitCode: 8, images: [{ status: 'unknown' }] });
    expect(failed.images[0]?.notes[0]).toContain('docker-credential-broken failed with exit code 3');
    expect(JSON.stringify(failed)).not.toContain('secret');
  });

  it.each<[string, RegistryContent['instead'], string]>([
    ['hangs', () => true, 'does not answer in time'],
    ['drips', (_, response) => response.writeHead(200).write('{') || true, 'does not answer in time'],
    [
      'sends too much',
      (_, response) => !response.end('x'.repeat(5 * 1024 * 1024)).destroyed,
      'answers with more than 4194304 bytes',
    ],
    [
      'sends nonsense',
      (_, response) => !response.end('<html>').destroyed,
      'answers with manifests of another form',
    ],
    [
      'is busy',
      (_, response) => !response.writeHead(429).end().destroyed,
      'limits how often it is asked: HTTP 429',
    ],
    [
      'redirects without end',
      (_, response) => !response.writeHead(302, { location: '/v2/again' }).end().destroyed,
      'redirects too often',
    ],
  ])('reports a registry that %s, and goes on', async (_, instead, note) => {
    await using given = await setting(
      { 'configs/a.yaml': entry('a', OLD) },
      instead === undefined ? {} : { instead },
    );
    const { exitCode, images } = await reports(given.workspace, '--timeout', '0.5');
    expect(exitCode).toBe(8);
    expect(images[0]?.notes[0]).toBe(`${given.host} ${note}`);
  });

  it('reports a registry that is down, next to one that answers', async () => {
    await using given = await setting({
      'configs/a.yaml': entry('a', OLD) + entry('b', '127.0.0.1:1/org/engine:v1'),
    });
    const { exitCode, images } = await reports(given.workspace);
    expect(exitCode).toBe(8);
    expect(images.find(({ image }) => image.startsWith('127.0.0.1:1/'))?.notes[0]).toContain(
      'can’t be reached'.replace('’', "'"),
    );
    expect(images.some(({ status }) => status === 'newer')).toBe(true);
  });

  it('does not follow pages to another address', async () => {
    const instead: RegistryContent['instead'] = ({ url = '' }, response) =>
      url.includes('/tags/') &&
      !response.writeHead(200, { link: '<http://127.0.0.1:1/x>; rel="next"' }).end('{"tags":["a"]}')
        .destroyed;
    await using given = await setting({ 'configs/a.yaml': entry('a', OLD) }, { instead });
    expect((await reports(given.workspace)).images[0]?.notes[0]).toContain(
      'leads to another address for more tags',
    );
  });

  it('gives a patch that git applies: the image alone, and an entry of the changelog', async () => {
    const config = `# héllo\r\n${entry('a', OLD)}${entry('b', `'${OLD}'`)}`;
    await using given = await setting({ 'configs/a.yaml': config });
    const { workspace } = given;
    const { root } = workspace;
    const before = await workspace.read('configs/a.yaml');
    const { stdout } = await workspace.check('--diff');
    expect(await workspace.read('configs/a.yaml')).toBe(before);
    execFileSync('git', ['apply', '-'], { cwd: root, input: stdout });
    const applied = [await workspace.read('configs/a.yaml'), await workspace.read('perf-changelog.yaml')];
    expect(applied[0]).toBe(before.replaceAll('v1.0.0-cu130', 'v1.2.0-cu130'));
    expect(applied[1]).toContain('  - a\n    - b\n');
    execFileSync('git', ['apply', '--reverse', '-'], { cwd: root, input: stdout });
    await workspace.check('--write');
    expect([await workspace.read('configs/a.yaml'), await workspace.read('perf-changelog.yaml')]).toEqual(
      applied,
    );
    expect((await reports(given.workspace)).images).toMatchObject([{ status: 'current' }]);
  });

  it('pins to the digest of the answer, and names an image that moved', async () => {
    const stale = `sha256:${'0'.repeat(64)}`;
    await using given = await setting({ 'configs/a.yaml': entry('a', '$HOST/org/engine:x86') });
    const [{ proposal } = {}] = (await reports(given.workspace, '--digest')).images;
    const config = digestOf(JSON.stringify({ os: 'linux', architecture: 'amd64', name: 'org/engine:x86' }));
    expect(proposal).toBe(
      `${given.host}/org/engine:x86@${digestOf(JSON.stringify({ schemaVersion: 2, config: { digest: config } }))}`,
    );
    await given.workspace.write({ 'configs/a.yaml': entry('a', `${given.host}/org/engine:x86@${stale}`) });
    const moved = await reports(given.workspace);
    expect(moved).toMatchObject({ exitCode: 7, images: [{ status: 'missing' }] });
    expect(moved.images[0]?.notes[0]).toContain('x86 means another image now');
  });

  it('leaves an image alone that is written elsewhere, and says so', async () => {
    const aliased = `${entry('a', `&engine ${OLD}`)}${entry('b', '*engine')}`;
    await using given = await setting({ 'configs/a.yaml': aliased });
    const { said, exitCode } = await given.workspace.check('--write');
    expect(exitCode).toBe(0);
    expect(said).toContain('b has its image from elsewhere');
  });
});
