import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMasterConfigs, loadRunnerConfig } from '../../src/config/load.js';
import { formatError, SweeplineError } from '../../src/errors.js';
import { acmeEntry, makeWorkspace } from '../workspace.js';

const NEW_DIALECT = acmeEntry('new')
  .replace('seq-len-configs:\n', 'scenarios:\n   fixed-seq-len:\n')
  .replace('  options: {}\n', '');

async function errorOf(promise: Promise<unknown>): Promise<string> {
  const thrown: unknown = await promise.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );
  if (!(thrown instanceof SweeplineError)) throw thrown;
  return formatError(thrown);
}

describe('master configs', () => {
  const FILES = {
    'm/b.yaml': acmeEntry('b2') + acmeEntry('b1'),
    'm/a/deep.yml': acmeEntry('deep'),
    'm/runners.yaml': 'h100: [n]\n',
    'm/sweepline.yaml': 'plugins: []\n',
    'm/clusters.yaml': 'c: {}\n',
    'm/perf-changelog.yaml': '[]\n',
    'm/notes.txt': 'no config',
    'one.yaml': acmeEntry('one'),
  };
  const keys = async (root: string, ...patterns: string[]) =>
    (await loadMasterConfigs(patterns, root)).map(({ key, file }) => `${file} ${key}`);

  it('come from files, folders and globs, in the order given and in the order of their keys', async () => {
    await using workspace = await makeWorkspace(FILES);
    const { root } = workspace;

    expect(await keys(root, 'one.yaml', 'm')).toEqual([
      'one.yaml one',
      'm/a/deep.yml deep',
      'm/b.yaml b2',
      'm/b.yaml b1',
    ]);
    expect(await keys(root, join(root, 'm/b.yaml'), '*.yaml')).toEqual([
      'm/b.yaml b2',
      'm/b.yaml b1',
      'one.yaml one',
    ]);
    expect(await keys(root, 'm', 'm/**/*.{yml,yaml}')).toHaveLength(3);
  });

  it('say where each part of an entry is', async () => {
    await using workspace = await makeWorkspace(FILES);
    const [located] = await loadMasterConfigs(['one.yaml'], workspace.root);

    expect(located?.at(['one', 'runner'])).toEqual({
      file: 'one.yaml',
      key: 'one.runner',
      line: 5,
      column: 3,
    });
    expect(located?.entry.scenarios).toEqual({
      'fixed-seq-len': [{ isl: 20, osl: 5, 'search-space': [{ tp: 1, 'conc-list': [2] }] }],
      'agentic-coding': [],
    });
  });

  it('that are not there are named, and so are patterns without a match', async () => {
    await using workspace = await makeWorkspace(FILES);
    const message = await errorOf(loadMasterConfigs(['none.yaml', 'none/*.yaml'], workspace.root));

    expect(message).toMatch(/CONFIG_NOT_FOUND: can't read none.yaml: there is no such file/);
    expect(message).toMatch(/CONFIG_NOT_FOUND: no config file in none\/\*\.yaml/);
  });

  it('have all problems of all files told together', async () => {
    await using workspace = await makeWorkspace({
      'a.yaml': acmeEntry('a').replace('tp: 1', 'tp: eight'),
      'b.yaml': 'b: [\n',
      'c.yaml': acmeEntry('c').replace('model:', 'modle:'),
    });
    const message = await errorOf(
      loadMasterConfigs(['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'], workspace.root),
    );

    expect(message).toMatch(/\d problems in 4 files/);
    expect(message).toMatch(/tp: expected a whole number above 0, got "eight" \(a\.yaml:10:/);
    expect(message).toMatch(/can't be read as YAML: .* \(b\.yaml:/);
    expect(message).toMatch(/unknown field "modle"; did you mean "model"\? \(c\.yaml:3:3, key c\.modle\)/);
    expect(message).toMatch(/missing field "model"; expected text \(c\.yaml:1:1, key c\.model\)/);
    expect(message).toMatch(/can't read d\.yaml/);
  });

  it('have no key twice, not even in different files', async () => {
    await using workspace = await makeWorkspace({
      'a.yaml': acmeEntry('k'),
      'b.yaml': acmeEntry('x') + acmeEntry('k'),
    });

    expect(await errorOf(loadMasterConfigs(['a.yaml', 'b.yaml'], workspace.root))).toMatch(
      /the key "k" is taken already, at a\.yaml:1:1 \(b\.yaml:12:1, key k\)/,
    );
    expect(await errorOf(loadMasterConfigs(['a.yaml', 'a.yaml'], workspace.root))).toMatch(
      /the key "k" is taken already/,
    );
  });

  it('have no * in a key', async () => {
    await using workspace = await makeWorkspace({ 'a.yaml': acmeEntry('"a*"') });

    expect(await errorOf(loadMasterConfigs(['a.yaml'], workspace.root))).toMatch(
      /expected a key without \*.* \(a\.yaml:1:1/,
    );
  });

  it('are in one dialect: within a file, and within a call', async () => {
    await using workspace = await makeWorkspace({
      'old.yaml': acmeEntry('old'),
      'new.yaml': NEW_DIALECT,
      'both.yaml': acmeEntry('old2') + NEW_DIALECT,
    });

    expect((await loadMasterConfigs(['new.yaml'], workspace.root))[0]?.entry.dialect).toBe('2026-08');
    expect(await errorOf(loadMasterConfigs(['old.yaml', 'new.yaml'], workspace.root))).toMatch(
      /is written with scenarios \(dialect 2026-08\), but old\.yaml has seq-len-configs \(dialect 2026-02\)/,
    );
    expect(await errorOf(loadMasterConfigs(['both.yaml'], workspace.root))).toMatch(
      /is written with scenarios .* but the file began with seq-len-configs .*both\.yaml:20:3, key new\.scenarios/,
    );
  });
});

describe('runner configs', () => {
  const FILES = {
    'flat.yaml': 'h100: [h100_0, h100_1]\nlabels: [odd]\n',
    'nested.yaml':
      'labels: {h100: [h100_0]}\nhardware: {h100: {available-cpu-dram-mib: 2_063_837, gpus-per-node: 8}}\n',
    'bad.yaml': 'labels: {h100: []}\nhardware: {h100: {gpus-per-nod: 8}}\n',
  };

  it('are read in both dialects', async () => {
    await using workspace = await makeWorkspace(FILES);

    expect(await loadRunnerConfig('flat.yaml', undefined, workspace.root)).toEqual({
      labels: { h100: ['h100_0', 'h100_1'], labels: ['odd'] },
      hardware: {},
    });
    expect(await loadRunnerConfig(join(workspace.root, 'nested.yaml'))).toEqual({
      labels: { h100: ['h100_0'] },
      hardware: { h100: { 'available-cpu-dram-mib': 2063837, 'gpus-per-node': 8 } },
    });
  });

  it('have their problems told, and have to be in the dialect of the configs', async () => {
    await using workspace = await makeWorkspace(FILES);
    const message = await errorOf(loadRunnerConfig('bad.yaml', undefined, workspace.root));

    expect(message).toMatch(/h100: expected at least one node, got an empty list \(bad\.yaml:1:10/);
    expect(message).toMatch(/unknown field "gpus-per-nod"; did you mean "gpus-per-node"\?/);
    expect(message).toMatch(/missing field "available-cpu-dram-mib"/);
    expect(await errorOf(loadRunnerConfig('flat.yaml', '2026-08', workspace.root))).toMatch(
      /is a runner config of dialect 2026-02, but the configs have dialect 2026-08/,
    );
    expect(await errorOf(loadRunnerConfig('nested.yaml', '2026-02', workspace.root))).toMatch(
      /is a runner config of dialect 2026-08, but the configs have dialect 2026-02/,
    );
  });
});
