import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectConfigs, loadModels } from '../../src/config/load.js';
import { readModels } from '../../src/config/models.js';
import { parseYaml } from '../../src/config/yaml/parse.js';
import { formatError } from '../../src/errors.js';

const REPOSITORY = join(import.meta.dirname, '../../../..');

async function problems(text: string): Promise<readonly string[]> {
  return readModels(await parseYaml(text, 'models.yaml')).problems.map(formatError);
}

describe('the models of this repository', () => {
  it('are those of its configs, at every precision', async () => {
    const models = await loadModels(REPOSITORY);
    const { entries } = await inspectConfigs(['configs/nvidia', 'configs/amd'], REPOSITORY);

    expect(entries.length).toBeGreaterThan(20);
    for (const { entry } of entries) {
      expect(models[entry['model-prefix']]?.weightsGiB, entry['model-prefix']).toHaveProperty(
        entry.precision,
      );
    }
  });

  it('count latent attention once a layer, and of sliding windows nothing', async () => {
    const { dsr1, gptoss } = await loadModels(REPOSITORY);

    expect(dsr1?.kvBytesPerToken).toBe(61 * (512 + 64));
    expect(gptoss?.kvBytesPerToken).toBe(18 * 2 * 8 * 64);
  });

  it('are none where a workspace has no such file', async () => {
    expect(await loadModels(join(import.meta.dirname, 'nowhere'))).toEqual({});
  });

  it('are a kind of config of their own', async () => {
    const { problems: found, files } = await inspectConfigs(['configs/models.yaml'], REPOSITORY);
    expect(found).toEqual([]);
    expect(files).toEqual([join('configs', 'models.yaml')]);
  });
});

describe('a models config', () => {
  const SOURCES = '  sources: [{ what: a model card, date: 2026-11-25 }]\n';

  it('needs weights and a source', async () => {
    const { models } = readModels(
      await parseYaml(`mine:\n  weights-gib: { fp8: 7.5 }\n${SOURCES}`, 'models.yaml'),
    );
    expect(models).toEqual({ mine: { weightsGiB: { fp8: 7.5 } } });
  });

  it.each([
    [
      'a misspelt field',
      `mine:\n  weight-gib: { fp8: 7.5 }\n${SOURCES}`,
      /unknown field "weight-gib"; did you mean "weights-gib"\? \(models\.yaml:2:3, key mine\.weight-gib\)/,
    ],
    [
      'no weight',
      `mine:\n  weights-gib: { fp8: 0 }\n${SOURCES}`,
      /fp8: expected a number above 0, got 0 \(models\.yaml:2:18, key mine\.weights-gib\.fp8\)/,
    ],
    [
      'no source',
      'mine:\n  weights-gib: { fp8: 7.5 }\n  sources: []\n',
      /sources: expected at least one source, got an empty list \(models\.yaml:3:3, key mine\.sources\)/,
    ],
    [
      'no day',
      'mine:\n  weights-gib: { fp8: 7.5 }\n  sources: [{ what: hearsay, date: yesterday }]\n',
      /date: expected a date such as 2026-11-25, got "yesterday" \(models\.yaml:3:30/,
    ],
    [
      'half a byte',
      `mine:\n  weights-gib: { fp8: 7.5 }\n  kv-bytes-per-token: 0.5\n${SOURCES}`,
      /kv-bytes-per-token: expected a whole number above 0, got 0\.5 \(models\.yaml:3:3/,
    ],
  ])('with %s is refused at its place', async (_, text, message) => {
    const found = await problems(text);
    expect(
      found.some((problem) => message.test(problem)),
      found.join('\n'),
    ).toBe(true);
  });
});
