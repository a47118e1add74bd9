import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entry, written } from './fixtures.js';
import { makeRepository } from './repository.js';

const CONFIGS = { 'configs/nvidia-master.yaml': written['2026-02']('a-x', 'a-y') };
const LOG = 'perf-changelog.yaml';

describe('sweepline changelog', () => {
  it('appends an entry whose keys the configs have, and checks what was appended', async () => {
    await using repository = await makeRepository();
    await repository.write({ ...CONFIGS, [LOG]: entry(['a-x']) });
    await repository.commit('base');
    const added = await repository.changelog([
      'add',
      '--config-keys',
      'a-*',
      '--description',
      'd',
      '--evals-only',
    ]);
    expect(added).toMatchObject({
      exitCode: 0,
      stdout: `${LOG}: appended an entry for a-*: 2 config entries\n`,
    });
    const file = join(repository.folder, LOG);
    const text = await readFile(file, 'utf8');
    expect(text.slice(entry(['a-x']).length)).toContain('\n  evals-only: true\n  pr-link: XXX\n');
    expect(await repository.changelog(['check', '--base-ref', 'base'])).toMatchObject({
      ...{ exitCode: 0, stdout: `${LOG}: 1 entry appended since base\n` },
    });
    await writeFile(file, text.replace('faster', 'slower'));
    const { exitCode, stderr } = await repository.changelog(['check', '--base-ref', 'base']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`(${LOG}:2)`);
  });

  it('leaves the file as it is when a key names nothing or the file is not valid', async () => {
    await using repository = await makeRepository();
    await repository.write({ ...CONFIGS, [LOG]: '- config-keys: [a-x]\n' });
    for (const [key, message] of [
      ['b-*', 'no config key matches "b-*"'],
      ['a-x', 'description'],
    ] as const) {
      const { exitCode, stderr } = await repository.changelog([
        'add',
        '--config-keys',
        key,
        '--description',
        'd',
      ]);
      expect(exitCode).toBe(3);
      expect(stderr).toContain(message);
    }
    expect(await readFile(join(repository.folder, LOG), 'utf8')).toBe('- config-keys: [a-x]\n');
  });

  it('merges into ours, and leaves ours where it refuses', async () => {
    await using repository = await makeRepository();
    const [base, b, c] = [entry(['a']), entry(['b']), entry(['c'])];
    await repository.write({ base, ours: `${base}\n${b}`, theirs: `${base}\n${c}`, bad: c });
    const ours = () => readFile(join(repository.folder, 'ours'), 'utf8');
    expect((await repository.changelog(['merge', 'base', 'ours', 'bad'])).exitCode).toBe(3);
    expect(await ours()).toBe(`${base}\n${b}`);
    expect(
      (await repository.changelog(['merge', 'base', 'ours', 'theirs', '--first', 'theirs'])).exitCode,
    ).toBe(0);
    expect(await ours()).toBe(`${base}\n${c}\n${b}`);
  });
});
