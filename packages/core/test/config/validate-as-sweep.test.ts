import { describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';
import { acmeEntry, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

const entry = (from: string, to: string) => acmeEntry('one').replace(from, to);
const runners = (table: string) => `${SWEEPLINE_YAML}runners:\n  ${table}\n`;

const REFUSED: readonly [string, Record<string, string>, RegExp][] = [
  [
    'a framework that is misspelt',
    { 'configs/acme.yaml': entry('framework: acme', 'framework: acne') },
    /acme\.yaml:7:3.*FRAMEWORK_UNKNOWN.*framework acne; did you mean "acme"\?[^]*→ Correct its spelling/,
  ],
  [
    'a framework with a letter that only looks right',
    { 'configs/acme.yaml': entry('framework: acme', 'framework: \u0430cme') },
    /acme\.yaml:7:3.*FRAMEWORK_UNKNOWN.*did you mean "acme"\?/,
  ],
  [
    'a framework that is a path',
    { 'configs/acme.yaml': entry('framework: acme', 'framework: ../acme') },
    /acme\.yaml:7:3.*FRAMEWORK_UNKNOWN.*framework \.\.\/acme/,
  ],
  [
    'a framework whose plugin is not listed',
    { 'configs/acme.yaml': entry('framework: acme', 'framework: sglang') },
    /acme\.yaml:7:3.*FRAMEWORK_UNKNOWN.*framework sglang; known: acme[^]*→ Install the plugin package/,
  ],
  [
    'a launcher in the table of runners',
    { 'configs/sweepline.yaml': runners('acme-x1: { sku: acme-x1, launcher: locla }') },
    /sweepline\.yaml:4:28.*LAUNCHER_UNKNOWN.*launcher locla; did you mean "local"\?/,
  ],
  [
    'an SKU in the table of runners',
    { 'configs/sweepline.yaml': runners('acme-x1: { sku: acmex1 }') },
    /sweepline\.yaml:4:14.*SKU_UNKNOWN.*SKU acmex1; did you mean "acme-x1"\?/,
  ],
  [
    'a runner',
    { 'configs/acme.yaml': entry('runner: acme-x1', 'runner: acmex1') },
    /acme\.yaml:5:3.*SKU_UNKNOWN.*hardware runner acmex1 has; did you mean "acme-x1"\?/,
  ],
  [
    'a runner that objects have as a member',
    { 'configs/acme.yaml': entry('runner: acme-x1', 'runner: hasOwnProperty') },
    /acme\.yaml:5:3.*SKU_UNKNOWN.*hardware runner hasOwnProperty has; known: acme-x1/,
  ],
  [
    'plugins that are not installed',
    {
      'configs/sweepline.yaml':
        "default-configs: [configs/acme.yaml]\nplugins:\n  - '@acme/sweepline-plugin'\n  - gone\n",
    },
    /sweepline\.yaml:4:5.*PLUGIN_NOT_FOUND: plugin package gone is not installed/,
  ],
];

describe('what sweep would refuse, validate says, at the same place', () => {
  it.each(REFUSED)('%s', async (_, files, finding) => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one'), ...files });

    const { exitCode, stdout } = await runCli(['validate'], workspace.root);

    expect(exitCode).not.toBe(0);
    expect(stdout).toMatch(finding);
    expect(stdout).not.toContain('native code');
  });

  it.each(REFUSED.slice(0, -1))('and so does sweep: %s', async (_, files, finding) => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one'), ...files });

    const { exitCode, stdout, stderr } = await runCli(['sweep'], workspace.root);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    const [place = '', ...words] = finding.source.split('.*');
    expect(stderr).toMatch(new RegExp(words.join('.*').split('[^]*')[0] ?? ''));
    expect(stderr).toMatch(new RegExp(place));
  });

  it.each([
    ['throws when it is loaded', `throw new Error('no licence');`, 'PLUGIN_BROKEN: .*no licence'],
    [
      'is of another Sweepline',
      `export default [{ kind: 'metric', name: 'm', apiVersion: 2 }];`,
      'PLUGIN_INVALID',
    ],
    ['claims what another has', 'export { default } from "@acme/sweepline-plugin";', 'PLUGIN_DUPLICATE'],
  ])('a plugin that %s is a finding at its line, and not a remark', async (_, source, finding) => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one'),
      'configs/sweepline.yaml':
        "default-configs: [configs/acme.yaml]\nplugins:\n  - '@acme/sweepline-plugin'\n  - wrong\n",
      'node_modules/wrong/package.json': '{ "name": "wrong", "type": "module", "exports": "./index.js" }',
      'node_modules/wrong/index.js': source,
    });

    const validated = await workspace.cli(['validate']);
    const swept = await workspace.cli(['sweep']);

    expect(validated.exitCode).toBe(3);
    expect(validated.stdout).toMatch(new RegExp(`sweepline\\.yaml:4:5: error ${finding}`));
    expect(swept.exitCode).toBe(4);
    expect(swept.stderr).toMatch(new RegExp(finding));
  });

  it('warns of a wrong runner that no job needs, and of a workspace with nothing to run', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one'),
      'configs/sweepline.yaml': runners('spare: { sku: acme-x9 }'),
    });
    const spare = await runCli(['validate'], workspace.root);
    expect(spare.exitCode).toBe(0);
    expect(spare.stdout).toMatch(/sweepline\.yaml:4:12: warning SKU_UNKNOWN: .*acme-x9/);

    await workspace.write('configs/sweepline.yaml', "plugins: ['@acme/sweepline-plugin']\n");
    const empty = await runCli(['validate'], workspace.root);
    expect(empty.exitCode).toBe(0);
    expect(empty.stdout).toMatch(
      /sweepline\.yaml:1:1: warning no-entries: the workspace has no default-configs/,
    );
    expect((await runCli(['validate', '--strict'], workspace.root)).exitCode).toBe(3);
  });

  it('warns of an entry without a job, of which sweep has nothing to run', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one').replace(/search-space: .*\]/, 'search-space: []'),
    });
    const { exitCode, stdout } = await runCli(['validate'], workspace.root);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/acme\.yaml:9:3: warning no-jobs: every search-space is empty/);
    expect((await runCli(['sweep'], workspace.root)).stderr).toMatch(/^MATRIX_EMPTY/);
  });

  it('says what plugins reject, whatever is wrong with other entries', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml':
        entry('framework: acme', 'framework: acne') + acmeEntry('wide').replace('tp: 1', 'tp: 2'),
    });
    const { stdout } = await runCli(['validate'], workspace.root);

    expect(stdout).toMatch(/FRAMEWORK_UNKNOWN/);
    expect(stdout).toMatch(/JOB_REJECTED: acme has one device/);
  });

  it('says one mistake once', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one').replace('acme-x1', 'acme-x2') + acmeEntry('two'),
      'configs/runners.yaml': 'acme-x1: [acme-x1_0]\n',
      'configs/sweepline.yaml': runners('acme-x1: { sku: acme-x1, launcher: ssh }'),
    });
    const { stdout } = await runCli(['validate'], workspace.root);

    expect(stdout.match(/acme-x2/g)).toHaveLength(1);
    expect(stdout.match(/LAUNCHER_UNKNOWN/g)).toHaveLength(1);
  });
});
