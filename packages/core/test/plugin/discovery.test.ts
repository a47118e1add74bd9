import { describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

/** A package in the workspace's node_modules, by its module's source. */
function packageFiles(name: string, source: string): Readonly<Record<string, string>> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({
      name,
      version: '0.1.0',
      type: 'module',
      exports: './index.js',
    }),
    [`node_modules/${name}/index.js`]: source,
  };
}

const listing = (...names: readonly string[]): string => `plugins: ${JSON.stringify(names)}\n`;
const METRIC = `{ kind: 'metric', name: 'm', apiVersion: 2, outputs: [{ key: 'm', label: 'M', unit: '', better: 'higher', definition: 'M.' }], compute: () => ({}) }`;

describe('plugin packages', () => {
  it('are picked up by name, with all that they bring', async () => {
    await using workspace = await makeWorkspace();

    const { exitCode, stdout } = await workspace.cli(['plugins', 'list', '--json']);

    expect(exitCode).toBe(0);
    const plugins = JSON.parse(stdout) as { kind: string; name: string; package: string; version: string }[];
    expect(plugins).toContainEqual({
      kind: 'framework',
      name: 'acme',
      package: '@acme/sweepline-plugin',
      version: '1.2.3',
      provides: ['acme'],
    });
    expect(plugins.map(({ kind, name }) => `${kind}:${name}`)).toEqual(
      expect.arrayContaining(['hardware:acme-x1', 'metric:acme-longest', 'metric:ttft', 'launcher:local']),
    );
  });

  it('that are not installed are all named, with the command that installs them', async () => {
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': listing('@acme/sweepline-plugin', '@acme/absent', 'other-absent'),
    });

    const { exitCode, stdout, stderr } = await workspace.cli(['plugins', 'list']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(
      /PLUGIN_NOT_FOUND: plugin package @acme\/absent is not installed[^]*npm install @acme\/absent/,
    );
    expect(stderr).toMatch(
      /PLUGIN_NOT_FOUND: plugin package other-absent is not installed[^]*npm install other-absent/,
    );
  });

  it.each([
    [
      'throws when it is loaded',
      `throw new Error('no licence');`,
      /PLUGIN_BROKEN.*broken-plugin.*no licence/,
    ],
    [
      'exports no array',
      `export default {};`,
      /PLUGIN_INVALID.*broken-plugin: its default export is of type object/,
    ],
    ['exports nothing', ``, /PLUGIN_INVALID.*default export is missing/],
    [
      'was made for other contracts',
      `export default [{ ...${METRIC}, apiVersion: 3 }];`,
      /PLUGIN_INVALID.*metric:m is not valid: apiVersion/,
    ],
    [
      'is of no known kind',
      `export default [{ ...${METRIC}, kind: 'engine' }];`,
      /PLUGIN_INVALID.*engine:m is not valid: kind: this version of Sweepline has no plugins of kind engine, only framework, recipes/,
    ],
    [
      'has the name of a report of core',
      `export default [{ kind: 'report', name: 'csv', apiVersion: 2, write() {} }];`,
      /PLUGIN_INVALID.*report:csv is not valid: name: core has a report of this name/,
    ],
    [
      'lacks a member',
      `export default [{ ...${METRIC}, compute: 1 }];`,
      /PLUGIN_INVALID.*compute: expected a function/,
    ],
    [
      'defines no output',
      `export default [{ ...${METRIC}, outputs: [{ key: 'm', label: 'M', unit: '', better: 'higher' }] }];`,
      /PLUGIN_INVALID.*outputs\.0\.definition/,
    ],
    [
      "gives another's number",
      `const m = ${METRIC}; export default [m, { ...m, name: 'other' }];`,
      /PLUGIN_DUPLICATE.*metric key m is claimed by broken-plugin and by broken-plugin/,
    ],
    [
      'has an odd name',
      `export default [{ ...${METRIC}, name: 'My Metric' }];`,
      /PLUGIN_INVALID.*name: expected a kebab-case name/,
    ],
    [
      'gives a number under a key that is taken',
      `export default [{ ...${METRIC}, outputs: [{ key: 'conc', label: 'C', unit: '', better: 'neither', definition: 'C.' }] }];`,
      /PLUGIN_INVALID.*outputs\.0\.key: this key says what was measured/,
    ],
    [
      'names its codec as only itself can find it',
      `export default [{ kind: 'framework', name: 'f', apiVersion: 2, frameworks: ['f'], plan() {}, codec: './codec.js' }];`,
      /PLUGIN_INVALID.*framework:f is not valid: codec: expected a module's address/,
    ],
    [
      'tells of what servers do not tell',
      `export default [{ kind: 'framework', name: 'f', apiVersion: 2, frameworks: ['f'], plan() {}, serverMetrics: { names: { mood: ['f_mood'] } } }];`,
      /PLUGIN_INVALID.*framework:f is not valid: serverMetrics\.names/,
    ],
    [
      'needs one that is not there',
      `export default [{ ...${METRIC}, requires: ['framework:sglang'] }];`,
      /PLUGIN_REQUIRES.*metric:m of broken-plugin needs framework:sglang/,
    ],
    [
      'has the name of another',
      `export default [{ ...${METRIC}, name: 'ttft' }];`,
      /PLUGIN_DUPLICATE.*metric:ttft is claimed by @sweepline\/core and by broken-plugin/,
    ],
  ])('that %s is named with what is wrong', async (_, source, message) => {
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': listing('broken-plugin'),
      ...packageFiles('broken-plugin', source),
    });

    const { exitCode, stderr } = await workspace.cli(['plugins', 'list']);

    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(message) as unknown,
    });
  });

  it.each([
    [
      'older than the package, which is not to be updated',
      `[{ kind: 'metric', name: 'x', apiVersion: 3, outputs: [], compute: () => ({}) }]`,
      /metric:x is not valid: apiVersion: expected 2, got 3/,
      'broken-plugin is made for a newer Sweepline (apiVersion 3, this one has 2): update Sweepline (npm install @sweepline/core@latest).',
    ],
    [
      'newer than the package',
      `[{ ...${METRIC}, apiVersion: 1 }]`,
      /apiVersion: expected 2, got 1/,
      'broken-plugin is made for an older Sweepline (apiVersion 1, this one has 2): update the package (npm install broken-plugin@latest).',
    ],
    [
      'as old as a package without a default export of plugins',
      `{}`,
      /its default export is of type object, not an array/,
      'Report this to the authors of broken-plugin.',
    ],
    [
      'as old as a package that says no frameworks',
      `[{ kind: 'framework', name: 'f', apiVersion: 2, plan() {} }]`,
      /framework:f is not valid: frameworks/,
      'Report this to the authors of broken-plugin.',
    ],
  ])('are advised by which side is old: Sweepline is %s', async (_, exported, message, hint) => {
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': listing('broken-plugin'),
      ...packageFiles('broken-plugin', `export default ${exported};`),
    });

    const { exitCode, stderr } = await workspace.cli(['plugins', 'list']);

    expect(exitCode).toBe(4);
    expect(stderr).toMatch(message);
    expect(stderr.match(/→ .*/g)).toEqual([`→ ${hint}`]);
  });

  it('with rival recipes are both named, and not the one with the framework', async () => {
    const recipes = (name: string, match: object): string =>
      `export default [{ kind: 'recipes', name: '${name}', apiVersion: 2, framework: 'acme', ` +
      `recipes: [{ match: ${JSON.stringify(match)}, source: 'its manual' }] }];`;
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': SWEEPLINE_YAML.replace(']', ", 'first-tuned', 'second-tuned']"),
      'configs/acme.yaml': acmeEntry('one'),
      ...packageFiles('first-tuned', recipes('first', { sku: 'acme-x1' })),
      ...packageFiles('second-tuned', recipes('second', { precision: 'fp8' })),
    });

    const { exitCode, stderr } = await workspace.cli(['plan']);

    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/^RECIPES_AMBIGUOUS: .*first-tuned.*second-tuned/m);
    expect(stderr).toContain('plugin first-tuned, second-tuned)');
    expect(stderr).not.toContain('@acme/sweepline-plugin');
  });

  it('can be given by path, for one that is being written', async () => {
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': listing('../my-plugin.js'),
      'my-plugin.js': `export default [${METRIC}];`,
      'package.json': '{ "type": "module" }',
    });

    const { stdout } = await workspace.cli(['plugins', 'list']);

    expect(stdout).toMatch(/^metric:m {2}\.\.\/my-plugin\.js/m);
  });

  it('have whatever they throw stamped with their package and the job', async () => {
    const framework = `{ kind: 'framework', name: 'thrower', apiVersion: 2, frameworks: ['acme'], plan() { throw new Error('out of ideas'); } }`;
    const hardware = `{ kind: 'hardware', name: 'acme-x1', apiVersion: 2, skus: [{ name: 'acme-x1', device: 'gpu', devicesPerNode: 1 }] }`;
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': SWEEPLINE_YAML.replace('@acme/sweepline-plugin', 'thrower'),
      'configs/acme.yaml': acmeEntry('one').replace(/ {2}options:.*\n/, ''),
      ...packageFiles('thrower', `export default [${framework}, ${hardware}];`),
    });

    const { exitCode, stderr } = await workspace.cli(['plan']);

    expect(exitCode).toBe(4);
    expect(stderr).toMatch(
      /PLUGIN_THREW: framework thrower: plan: out of ideas \(at .*index\.js:1\) \(job one_20_5_fp8_acme.*, plugin thrower\)/,
    );
  });
});
