import { expect, it } from 'vitest';
import { acmeEntry, BUSY_MACHINE, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

it('a sweep takes its jobs from a matrix, as the configs that made it would be swept', async () => {
  await using workspace = await makeWorkspace({
    'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { limits: ${BUSY_MACHINE} }\n`,
    'configs/acme.yaml': acmeEntry('one') + acmeEntry('two'),
  });
  const matrix = await workspace.cli(['matrix', '--model-prefix', 'two']);
  await workspace.write('jobs.json', matrix.stdout);

  const planned = await workspace.cli(['sweep', '--dry-run', '--json', '--model-prefix', 'two']);
  const forecast = await workspace.cli(['sweep', '--dry-run', '--json', '--matrix', 'jobs.json']);
  expect(forecast).toEqual(planned);
  const { exitCode, stderr } = await workspace.cli(['sweep', '--matrix', 'jobs.json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(await workspace.results()).toMatchObject([{ state: 'completed', job: { 'model-prefix': 'two' } }]);

  expect(
    await workspace.cli(['sweep', '--matrix', 'jobs.json', '--other-nodes-than', 'nothing']),
  ).toMatchObject({
    exitCode: 5,
    stderr: expect.stringContaining('there is no run nothing') as string,
  });
  await workspace.write('none.json', '[]');
  expect(await workspace.cli(['sweep', '--matrix', 'none.json'])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('none.json has no jobs') as string,
  });
  expect(await workspace.cli(['sweep', 'configs', '--matrix', 'jobs.json', '--max-conc', '1'])).toMatchObject(
    {
      exitCode: 2,
      stderr: expect.stringContaining("it can't be given with configs, --max-conc") as string,
    },
  );
});
