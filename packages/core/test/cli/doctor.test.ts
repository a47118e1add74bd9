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

  it('warns of a port that is taken, of an engine that is missing, of one that could be there', async () => {
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

      expect(exitCode).toBe(0);
      expect(of('optional')).toEqual([
        {
          check: 'optional',
          state: 'warning',
          message: 'acme-native, which acme-engine can use, is not installed',
          hint: "npm install 'acme-native@^2.0.0'",
        },
      ]);
      expect(of('programs')[0]).toMatchObject({
        state: 'warning',
        message: 'the configs start acme-serve, which is not on the PATH',
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
