import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeStoreWorkspace } from './commands.js';
import { ingest, reasonsIn } from './contract.js';
import { completed, writeRun } from './runs.js';

it('writes the entries of the changelog that a run was started for, as far as the dashboard reads them', async () => {
  await using workspace = await makeStoreWorkspace();
  const out = join(workspace.root, 'out');
  const entry = (keys: readonly string[], more = {}) => ({
    ...{ 'config-keys': keys, description: ['a newer image'], 'pr-link': 'https://example.com/1' },
    ...{ 'evals-only': false, ...more },
  });
  const first = entry(['dsr1-fp8-b200-sglang', 'gptoss-fp4-mi355x-vllm-mtp']);
  const entries = [
    entry([...first['config-keys'], 'my-own-key', 'dsr1-fp8-a100-sglang'], {
      description: ['a newer image', 'weights are in /home/ada/weights now'],
    }),
    entry(['dsr1-fp8-h200-trt'], { 'evals-only': true }),
    entry(['dsr1-fp8-h200-trt'], { 'pr-link': 'ask Ada' }),
    entry(['nothing']),
  ];
  const changelog = { baseRef: 'c0ffee', headRef: 'f00d', entries };
  await writeRun(join(workspace.resultsDir, 'r1'), {
    ...{ id: 'r1', results: [completed('a')], run: { changelog } },
  });

  const { said } = await workspace.run('export', 'inferencex', 'out');
  const { problems, changelogs } = ingest(out);
  expect(problems).toEqual([]);
  const { 'pr-link': _, ...third } = entry(['dsr1-fp8-h200-trt']);
  expect(changelogs).toEqual([{ base_ref: 'c0ffee', head_ref: 'f00d', entries: [first, third] }]);
  const form = 'the dashboard reads keys of the form prefix-precision-gpu-framework alone';
  expect(await reasonsIn(out)).toEqual({
    ...{ 'my-own-key': form, 'dsr1-fp8-a100-sglang': form, nothing: form },
    '1': 'lines of its description with a path of a machine',
    '2': 'it is only for evals, and the dashboard would skip all benchmarks of the run',
  });
  expect(said).toContain('the dashboard keeps the first of 2 entries');

  // What it refuses is what would be misread.
  await writeFile(
    join(out, 'changelog-metadata', 'changelog_metadata.json'),
    JSON.stringify({ base_ref: 'c0ffee', head_ref: 'f00d', entries }),
  );
  expect(ingest(out).problems).toEqual(
    [
      ...['shown nowhere: my-own-key', 'shown nowhere: dsr1-fp8-a100-sglang'],
      ...['all benchmarks are skipped: evals-only', 'shown nowhere: nothing', 'a path of a machine'],
    ].map((what) => `changelog-metadata/changelog_metadata.json: ${what}`),
  );
});
