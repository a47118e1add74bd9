import { expect, it } from 'vitest';
import { makeHostileWorkspace, startHostile } from '../hostile.js';
import type { TestWorkspace } from '../workspace.js';

async function completedOf(workspace: TestWorkspace) {
  const [result] = await workspace.results();
  if (result?.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(result)}`);
  return result;
}

it.each([
  ['heals', /Cannot assign to read only property 'state'.*: the records are read-only; copy before sorting/],
  ['drops', /the records are read-only/],
  ['sorts', /the records are read-only; copy before sorting/],
  ['loops', /metric hostile: compute has not returned after 6 s/],
  ['never', /did not return an object/],
  ['number', /did not return an object/],
])('a metric that %s costs its own numbers alone', async (way, why) => {
  await using workspace = await makeHostileWorkspace('healthy');
  await startHostile(workspace, '');
  const { metrics, delivered } = await completedOf(workspace);
  expect(metrics['hostile']).toBe(1);

  await startHostile(workspace, `compute:${way}`);

  const wronged = await completedOf(workspace);
  expect(Object.keys(wronged.metrics).sort()).toEqual(
    Object.keys(metrics)
      .filter((key) => key !== 'hostile')
      .sort(),
  );
  expect(wronged.delivered).toMatchObject({ offered: delivered.offered, completed: delivered.completed });
  expect(wronged.marks.find(({ code }) => code === 'metric-failed')?.message).toMatch(why);
});

it('a metric that heals records erases no mark of them', async () => {
  await using workspace = await makeHostileWorkspace('short');
  await startHostile(workspace, '');
  const sound = await completedOf(workspace);
  expect(sound.marks).toContainEqual(expect.objectContaining({ code: 'short' }));

  await startHostile(workspace, 'compute:heals');

  const healed = await completedOf(workspace);
  for (const code of ['short', 'metric-failed'])
    expect(healed.marks).toContainEqual(expect.objectContaining({ code }));
  expect(healed.metrics['acme_longest_output']).toBe(sound.metrics['acme_longest_output']);
});

it('a metric that changes arrivals changes its own copy of them', async () => {
  await using workspace = await makeHostileWorkspace('healthy');

  await startHostile(workspace, 'compute:chunks');

  const { metrics } = await completedOf(workspace);
  expect(metrics['hostile']).toBe(1);
  expect(metrics['acme_longest_output']).toBeGreaterThan(0);
  expect(metrics['mean_ttft_ms']).toBeGreaterThan(0);
});
