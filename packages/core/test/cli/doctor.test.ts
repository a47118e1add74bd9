import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { NamedDiagnosis } from '../../src/doctor/doctor.js';
import { acmeEntry, makeWorkspace, SWEEPLINE_YAML, type TestWorkspace } from '../workspace.js';

async function doctor(workspace: TestWorkspace, env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout } = await workspace.cli(['plugins', 'doctor', '--json'], { env });
  const all = JSON.parse(stdout) as readonly NamedDiagnosis[];
  return { exitCode, all, of: (check: string) => all.filter((one) => one.check === check) };
}

describe('sweepline plugins doctor', () => {
  it('finds a sound workspace sound, and says what it has looked at', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });

    const { exitCode, all, of } = await doctor(workspace);

    expect(exitCode).toBe(0);
    expect(all.filter(({ state }) => state === 'problem')).toEqual([]);
    expect(of('node')[0]?.message).toBe(`Node.js ${process.versions.node}`);
    expect(of('configs')[0]).toMatchObject({ state: 'ok', message: '1 of 1 points can run' });
    expect(of('programs')[0]).toMatchObject({
      state: 'ok',
      message: `${process.execPath} exists`,
    });
    expect(of('ports')).toMatchObject([{ state: 'ok' }]);
    expect(of('disk')).toHaveLength(2);
  });

  it('says it to people, with what to do', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });
    await workspace.write('configs/sweepline.yaml', SWEEPLINE_YAML.replace(']\n', ", '@acme/gone']\n"));

    const { exitCode, stdout } = await workspace.cli(['plugins', 'doctor']);

    expect(exitCode).toBe(4);
    expect(stdout).toMatch(
      /^problem {2}plugins {4}PLUGIN_NOT_FOUND: plugin package @acme\/gone is not installed\n {2}→ npm install @acme\/gone$/m,
    );
    expect(stdout).toMatch(/^ok {7}node {7}Node\.js /m);
  });

  it.each([
    ['no workspace', undefined, 3, 'workspace', 'CONFIG_NOT_FOUND'],
    ['a workspace with a mistake', 'plugin: []\n', 3, 'workspace', 'CONFIG_INVALID'],
    [
      'configs that are not there',
      "plugins: ['@acme/sweepline-plugin']\ndefault-configs: [gone.yaml]\n",
      3,
      'configs',
      'CONFIG_NOT_FOUND',
    ],
  ])('ends with the code that a sweep would end with: %s', async (_, yaml, exitCode, check, code) => {
    await using workspace = await makeWorkspace();
    if (yaml !== undefined) await workspace.write('configs/sweepline.yaml', yaml);
    const { stdout, exitCode: ended } = await workspace.cli(['plugins', 'doctor', '--json'], {
      cwd: yaml === undefined ? '..' : '.',
    });
    const problems = (JSON.parse(stdout) as readonly NamedDiagnosis[]).filter(
      ({ state }) => state === 'problem',
    );

    expect(ended).toBe(exitCode);
    expect(problems.map((one) => [one.check, one.code])).toEqual([[check, code]]);
  });

  it('warns of a port that is taken, of one that could be there, and of an engine that is missing as a problem', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': SWEEPLINE_YAML.replace(']', ', acme-engine]'),
      'configs/acme.yaml': acmeEntry('one', { options: { port, program: 'acme-serve' } }),
      'node_modules/acme-engine/package.json': JSON.stringify({
        name: 'acme-engine',
        version: '1.0.0',
        type: 'module',
        exports: './index.js',
        peerDependencies: { 'acme-native': '^2.0.0', '@sweepline/core': '*' },
        peerDependenciesMeta: { 'acme-native': { optional: true } },
      }),
      'node_modules/acme-engine/index.js': 'export default [];',
    });
    try {
      const { exitCode, of } = await doctor(workspace, { PATH: '/nowhere' });

      expect(exitCode).toBe(1);
      expect(of('optional')).toEqual([
        {
          check: 'optional',
          state: 'warning',
          message: 'acme-native, which acme-engine can use, is not installed',
          hint: "npm install 'acme-native@^2.0.0'",
        },
      ]);
      expect(of('programs')[0]).toMatchObject({
        ...{ state: 'problem', code: 'SERVER_SPAWN_FAILED' },
        message: expect.stringMatching(/^one_\S+ start acme-serve, which is not on the PATH$/) as string,
      });
      expect(of('ports')[1]).toMatchObject({
        state: 'warning',
        message: `port ${port}, which a config fixes, is in use`,
      });
    } finally {
      holder.close();
    }
  });
});

const ESM = { type: 'module', exports: './index.js' };
/** A launcher that lacks all images. */
const FAR = `export default [{
  kind: 'launcher', name: 'far', apiVersion: 2,
  acquire() { throw new Error('not part of this test'); },
  async diagnose({ images }) {
    const missing = images.map((image) => ({ state: 'problem', code: 'IMAGE_UNAVAILABLE', message: 'no image ' + image, hint: 'Pull it.' }));
    return [{ state: 'ok', message: 'its daemon answers' }, ...missing];
  },
}];`;

describe('sweepline doctor', () => {
  const ask = async (workspace: TestWorkspace, args: readonly string[] = [], env = {}) => {
    const { exitCode, stdout, stderr } = await workspace.cli(['doctor', ...args, '--json'], { env });
    const all = (stdout === '' ? [] : JSON.parse(stdout)) as readonly NamedDiagnosis[];
    return { exitCode, stderr, of: (check: string) => all.filter((one) => one.check === check) };
  };

  it('ends with 0 where all is there, and names limits, clock and launchers', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });

    const { exitCode, of } = await ask(workspace);

    expect(exitCode).toBe(0);
    expect(of('launchers')).toMatchObject([{ state: 'ok', message: 'runner acme-x1: launcher local' }]);
    expect(of('clock')).toHaveLength(1);
    if (process.platform === 'linux') expect(of('limits')[0]?.message).toMatch(/files and connections/);
  });

  it('ends with 5 where something is missing, whatever it is', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one', { options: { program: 'acme-serve' } }),
    });

    expect((await ask(workspace, [], { PATH: '/nowhere' })).exitCode).toBe(5);
    await workspace.write('configs/sweepline.yaml', 'plugin: []\n');
    expect((await ask(workspace)).exitCode).toBe(5);
  });

  it("asks a runner's launcher what it lacks, for the images of that runner's configs alone", async () => {
    const far = acmeEntry('two', { options: { image: 'acme/server:1' } }).replace('acme-x1', 'far');
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one') + far,
      'configs/one.yaml': acmeEntry('one'),
      'configs/sweepline.yaml': `${SWEEPLINE_YAML.replace(']', ', far-launcher]')}runners: { far: { sku: acme-x1, launcher: far } }\n`,
      'node_modules/far-launcher/package.json': JSON.stringify({
        name: 'far-launcher',
        version: '1.0.0',
        ...ESM,
      }),
      'node_modules/far-launcher/index.js': FAR,
    });

    const all = await ask(workspace);
    const own = await ask(workspace, ['far']);
    const other = await ask(workspace, ['acme-x1']);

    const none = await ask(workspace, ['far', '--config-files', 'configs/one.yaml']);

    expect([all.exitCode, own.exitCode, other.exitCode, none.exitCode]).toEqual([5, 5, 0, 2]);
    expect(own.of('launchers')).toEqual([
      { check: 'launchers', state: 'ok', message: 'runner far: its daemon answers' },
      {
        ...{ check: 'launchers', state: 'problem', code: 'IMAGE_UNAVAILABLE', hint: 'Pull it.' },
        message: 'runner far: no image acme/server:1',
      },
    ]);
    expect(other.of('launchers')).toMatchObject([{ message: 'runner acme-x1: launcher local' }]);
  });

  it('refuses a runner that no config names', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });

    const { exitCode, stderr } = await ask(workspace, ['h999']);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/USAGE: no config has jobs for runner h999/);
  });
});
