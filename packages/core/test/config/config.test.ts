import { describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace } from '../workspace.js';

describe('configs with problems', () => {
  it('have all of them told at once, each with file, line, column and key', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': `one:
  image: host
  model: m
  model-prefix: m
  runner: acme-x1
  precision: fp8
  framework: acme
  multinode: false
  seq-len-configs:
    - isl: 0
      osl: 5
      search-space:
        - { tp: 1, conc-start: 8, conc-end: 4 }
        - { tp: 1 }
  colour: red
`,
    });

    const { exitCode, stdout, stderr } = await workspace.cli(['sweep']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    const file = 'configs/acme.yaml';
    expect(stderr).toMatch(new RegExp(`${file}:10:7, key one.seq-len-configs.0.isl`));
    expect(stderr).toMatch(
      new RegExp(
        `conc-end: expected at least conc-start, which is 8, got 4 \\(${file}:13:35, key one.seq-len-configs.0.search-space.0.conc-end`,
      ),
    );
    expect(stderr).toMatch(
      new RegExp(
        `expected either conc-start and conc-end, or conc-list \\(${file}:14:11, key one.seq-len-configs.0.search-space.1`,
      ),
    );
    expect(stderr).toMatch(new RegExp(`unknown field "colour" \\(${file}:15:3, key one.colour`));
  });

  it('have forms, where a setting has several, told as what they are', async () => {
    const client = "{ workers: none, tokenizer: org/x, tokenizers: { a: true, b: '' } }";
    await using workspace = await makeWorkspace({ 'configs/sweepline.yaml': `client: ${client}\n` });

    const { exitCode, stderr } = await workspace.cli(['sweep']);

    expect(exitCode).toBe(3);
    expect(stderr).toContain('workers: expected auto or a number of threads, got "none"');
    expect(stderr).toContain('tokenizer: expected model; tokenizers lists exceptions by model, got "org/x"');
    expect(stderr).toContain('a: expected a tokenizer, or false, got true');
    expect(stderr).toMatch(/expected text that is not empty.*key client\.tokenizers\.b/);
  });

  it('are told apart from broken YAML, and duplicate keys are seen', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': 'a: 1\nb: [\na: 2\n' });

    const { exitCode, stderr } = await workspace.cli(['matrix']);

    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/CONFIG_SYNTAX: .*acme\.yaml:\d+:\d+\)/);
  });

  it('are refused before anything runs when a plugin does not know them', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': [
        acmeEntry('good'),
        acmeEntry('unknown-framework').replace('framework: acme', 'framework: nowhere'),
        acmeEntry('unknown-runner').replace('runner: acme-x1', 'runner: h900'),
        acmeEntry('bad-options', { options: { args: 'all', speed: 9 } }),
      ].join(''),
    });

    const { exitCode, stdout, stderr } = await workspace.cli(['sweep']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(
      /FRAMEWORK_UNKNOWN: no installed plugin serves framework nowhere; known: acme \(.*acme\.yaml:18:3, key unknown-framework\.framework/,
    );
    expect(stderr).toMatch(
      /SKU_UNKNOWN: .*h900 has; known: acme-x1 \(.*acme\.yaml:27:3, key unknown-runner\.runner/,
    );
    expect(stderr).toMatch(/OPTIONS_INVALID: .*key bad-options\.options\.args/);
    expect(stderr).toMatch(/OPTIONS_INVALID: unknown field "speed" .*key bad-options\.options\.speed/);
    await expect(workspace.processes()).resolves.toEqual([]);
  });

  it('that are not there, or leave nothing to run, say what to do', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });

    expect(await workspace.cli(['sweep', 'configs/none.yaml'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/CONFIG_NOT_FOUND: can't read .*none\.yaml/) as unknown,
    });
    expect(await workspace.cli(['sweep', '--min-conc', '64'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/MATRIX_EMPTY.*\n.*Loosen the filters/) as unknown,
    });
  });
});
