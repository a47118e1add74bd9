import { describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';
import { acmeEntry, makeWorkspace } from '../workspace.js';

const WRONG = acmeEntry('wrong').replace('tp: 1', 'tp: eight').replace('precision', 'presicion');
const REMARKABLE = acmeEntry('odd', { conc: [4, 2] }).replace('image: host', 'image: repo/name');

const run = (cwd: string, args: readonly string[], interactive = false) =>
  runCli(['validate', ...args], cwd, interactive);

describe('sweepline validate', () => {
  it('says nothing on stdout about configs without fault', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });

    expect(await run(workspace.root, [])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '2 files, 1 entry: no problems\n',
    });
  });

  it('tells all problems of all files of all kinds, in the order of files and lines', async () => {
    await using workspace = await makeWorkspace({
      'c/a.yaml': WRONG,
      'c/b.yaml': 'b: [\n',
      'c/runners.yaml': 'h100: []\n',
      'c/sweepline.yaml': 'plugin: []\n',
      'c/perf-changelog.yaml': '- { config-keys: [], description: [x], pr-link: y }\n',
      'c/clusters.yaml': 'x: 1\n',
    });
    const { exitCode, stdout, stderr } = await run(workspace.root, ['c']);

    expect(exitCode).toBe(3);
    expect(stdout.trim().split('\n')).toEqual([
      'c/a.yaml:1:1: error CONFIG_INVALID: missing field "precision"; expected text (key wrong.precision)',
      'c/a.yaml:6:3: error CONFIG_INVALID: unknown field "presicion"; did you mean "precision"? (key wrong.presicion)',
      'c/a.yaml:10:43: error CONFIG_INVALID: tp: expected a whole number above 0, got "eight" (key wrong.seq-len-configs.0.search-space.0.tp)',
      expect.stringMatching(/^c\/b\.yaml:\d+:\d+: error CONFIG_SYNTAX: can't be read as YAML: /),
      'c/clusters.yaml:1:1: error CONFIG_INVALID: x: expected a map of fields, got 1 (key x)',
      'c/perf-changelog.yaml:1:5: error CONFIG_INVALID: config-keys: expected at least one, got an empty list (key 0.config-keys)',
      'c/runners.yaml:1:1: error CONFIG_INVALID: h100: expected at least one node, got an empty list (key h100)',
      'c/sweepline.yaml:1:1: error CONFIG_INVALID: unknown field "plugin"; did you mean "plugins"? (key plugin)',
    ]);
    expect(stderr).toMatch(/5 files, 0 entries: 8 errors/);
  });

  it('shows the lines on a terminal', async () => {
    await using workspace = await makeWorkspace({ 'a.yaml': WRONG });
    const { stdout } = await run(workspace.root, ['a.yaml'], true);

    expect(stdout).toContain(
      '> 6 |   presicion: fp8\n    |   ^\n  7 |   framework: acme\n  8 |   multinode: false\n',
    );
  });

  it('remarks on what is allowed and odd; with --strict that is an error', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': REMARKABLE,
      'configs/runners.yaml': 'h100: [h100_0]\n',
    });
    const lenient = await run(workspace.root, ['configs/acme.yaml']);
    const strict = await run(workspace.root, ['configs/acme.yaml', '--strict']);

    expect(lenient.exitCode).toBe(0);
    expect(lenient.stderr).toMatch(/: 3 warnings\n$/);
    expect(lenient.stdout.split('\n').map((line) => line.split(': ')[1])).toEqual([
      'warning image-tag',
      'warning runner-label',
      'warning concurrency-order',
      undefined,
    ]);
    expect(strict.exitCode).toBe(3);
    expect(strict.stdout).toBe(lenient.stdout.replaceAll('warning', 'error'));
  });

  it('checks options through the plugin', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml':
        acmeEntry('bad', { options: { args: 'all' } }) +
        acmeEntry('foreign', { options: { args: 'all' } }).replace('framework: acme', 'framework: nowhere'),
    });
    const { exitCode, stdout, stderr } = await run(workspace.root, []);

    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/: 2 errors$/m);
    expect(stdout).toMatch(
      /^configs\/acme\.yaml:11:\d+: error OPTIONS_INVALID: args: expected a list, got "all" .*\n/,
    );
    expect(stdout).toMatch(/acme\.yaml:18:3: error FRAMEWORK_UNKNOWN: .*framework nowhere; known: acme/);
  });

  it('is JSON where that is asked for', async () => {
    await using workspace = await makeWorkspace({
      'a.yaml': acmeEntry('a').replace('    - {', '    - { colour: 1,'),
    });
    const { stdout } = await run(workspace.root, ['a.yaml', '--format', 'json']);

    expect(JSON.parse(stdout)).toEqual([
      {
        severity: 'error',
        code: 'CONFIG_INVALID',
        message: 'unknown field "colour"',
        file: 'a.yaml',
        line: 10,
        column: 9,
        key: 'a.seq-len-configs.0.colour',
        hint: 'Remove it or correct its spelling.',
      },
    ]);
    await workspace.write('b.yaml', acmeEntry('b'));
    expect((await run(workspace.root, ['b.yaml', '--format', 'json'])).stdout).toBe('[]\n');
  });

  it('is annotations for GitHub, escaped', async () => {
    await using workspace = await makeWorkspace({
      'a,b.yaml': acmeEntry('"50%:a"').replace('tp: 1', 'tp: "%\\n"'),
    });
    const { stdout } = await run(workspace.root, ['a,b.yaml', '--format', 'github']);

    expect(stdout).toBe(
      '::error file=a%2Cb.yaml,line=10,col=43,title=sweepline CONFIG_INVALID::' +
        'tp: expected a whole number above 0, got "%25\\n" (key 50%25:a.seq-len-configs.0.search-space.0.tp)\n',
    );
  });

  it('works where there is no workspace, and needs a file there', async () => {
    await using workspace = await makeWorkspace({ 'a.yaml': acmeEntry('a'), 'configs/sweepline.yaml': '{}' });
    const elsewhere = '/';
    const found = await run(elsewhere, [`${workspace.root}/a.yaml`]);

    expect(found).toMatchObject({ exitCode: 0, stdout: '' });
    expect(found.stderr).toMatch(
      /no workspace here: frameworks, runners, launchers and options aren't checked/,
    );
    expect(await run(elsewhere, [])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/USAGE: no config file given, and this is not a workspace/) as unknown,
    });
  });

  it('takes files by option, and a runner config of its own', async () => {
    await using workspace = await makeWorkspace({
      'a.yaml': acmeEntry('a'),
      'r.yaml': 'acme-x1: [n]\n',
      'bad.yaml': 'acme-x1: n\n',
    });
    const { root } = workspace;

    expect((await run(root, ['--config-files', 'a.yaml', '--runner-config', 'r.yaml'])).stdout).toBe('');
    expect((await run(root, ['--config-files', 'a.yaml', '--runner-config', 'bad.yaml'])).stdout).toMatch(
      /^bad\.yaml:1:1: error CONFIG_INVALID: acme-x1: expected a list, got "n"/,
    );
    expect((await run(root, ['--config-files', 'a.yaml', '--runner-config', 'none.yaml'])).exitCode).toBe(3);
  });
});
