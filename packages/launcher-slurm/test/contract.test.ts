import { expect, it } from 'vitest';
import plugins from '../src/index.js';

const [plugin] = plugins;

it('is a launcher that says that it can’t start plans yet', async () => {
  expect(plugins).toMatchObject([{ kind: 'launcher', name: 'slurm' }]);
  await expect(plugin!.acquire({ runner: 'n_0' } as never, AbortSignal.abort())).rejects.toMatchObject({
    code: 'PLAN_UNSUPPORTED',
    message: 'launcher slurm can print plans and not start them yet; the job is for n_0',
  });
});
