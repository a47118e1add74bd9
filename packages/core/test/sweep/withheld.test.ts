import { expect, it } from 'vitest';
import { acmeEntry, BUSY_MACHINE, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

it('a sweep lists rows that lack what readers need, and leaves them out of the artifacts', async () => {
  const silent = acmeEntry('silent', { options: { args: ['--fault', 'no-usage'] } });
  const short = acmeEntry('short').replace('osl: 5', 'osl: 1');
  await using workspace = await makeWorkspace({
    'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { limits: ${BUSY_MACHINE} }\n`,
    'configs/acme.yaml': silent + short + acmeEntry('whole', { options: { args: ['--token-ms', '2'] } }),
  });

  const { exitCode, stdout, stderr } = await workspace.cli(['sweep', '--allow-invalid']);

  expect(exitCode).toBe(0);
  const results = await workspace.results();
  expect(results).toMatchObject([
    {
      state: 'completed',
      withheld: expect.stringMatching(/tput_per_gpu.*: the server reported no usage$/) as string,
    },
    {
      state: 'completed',
      withheld: expect.stringMatching(/median_intvty.*: an output of one token/) as string,
    },
    { state: 'completed' },
  ]);
  expect(results[2]).not.toHaveProperty('withheld');
  const rows = JSON.parse(await workspace.readRunFile('results_bmk/agg_bmk.json')) as readonly object[];
  expect(rows).toMatchObject([{ infmax_model_prefix: 'whole' }]);
  const [{ name } = { name: '' }] = results;
  await expect(workspace.readRunFile(`bmk_${name}/agg_${name}.json`)).rejects.toThrow('ENOENT');
  for (const text of [stdout, await workspace.readRunFile('summary.md')]) {
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`${name}: it has no tput_per_gpu`);
  }
  expect(stderr).toContain(`${name} has no agg_*.json: it has no tput_per_gpu`);
});
