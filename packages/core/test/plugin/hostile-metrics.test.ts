import { beforeAll, describe, expect, it } from 'vitest';
import { makeHostileWorkspace, startHostile } from '../hostile.js';
import type { TestWorkspace } from '../workspace.js';
import type { CompletedResult } from '../../src/results/schema.js';

/** What a metric does, and what the mark of its failure says. */
const CASES: readonly (readonly [way: string, why: RegExp])[] = [
  ['heals', /Cannot assign to read only property 'state'.*: the records are read-only; copy before sorting/],
  ['drops', /the records are read-only/],
  ['sorts', /the records are read-only; copy before sorting/],
  ['loops', /compute has not returned after 6 s/],
  ['never', /did not return an object/],
  ['number', /did not return an object/],
];

/** Results of the newest run by the keys of their entries. */
async function completedIn(workspace: TestWorkspace): Promise<ReadonlyMap<unknown, CompletedResult>> {
  const results = await workspace.results();
  return new Map(
    results.map((result) => {
      if (result.state !== 'completed') throw new Error(`not completed: ${JSON.stringify(result)}`);
      return [result.job['model-prefix'], result];
    }),
  );
}

/** One sweep without any fault, one in which each metric is wrong in its own way, and one of a job that is to be marked. */
describe('a metric that', () => {
  let sound: ReadonlyMap<unknown, CompletedResult>;
  let wronged: CompletedResult;
  let healed: CompletedResult;

  beforeAll(async () => {
    await using workspace = await makeHostileWorkspace('healthy', 'short');
    await startHostile(workspace, '');
    sound = await completedIn(workspace);
    expect([...sound.keys()]).toEqual(['healthy', 'short']);

    await using one = await makeHostileWorkspace('healthy');
    const ways = [...CASES.map(([way]) => way), 'chunks'];
    await startHostile(one, ways.map((way) => `compute:${way}@hostile-${way}`).join());
    wronged = (await completedIn(one)).get('healthy')!;

    await using short = await makeHostileWorkspace('short');
    await startHostile(short, 'compute:heals');
    healed = (await completedIn(short)).get('short')!;
  }, 180_000);

  it.each(CASES)('%s costs its own numbers alone', (way, why) => {
    const { metrics, delivered } = sound.get('healthy')!;
    expect(metrics['hostile']).toBe(1);
    const failed = wronged.marks.filter(({ code }) => code === 'metric-failed');
    expect(failed).toHaveLength(CASES.length);
    const own = failed.filter(({ message }) => message.includes(`metric hostile-${way}: `));
    expect(own).toEqual([expect.objectContaining({ message: expect.stringMatching(why) as string })]);
    // The metric whose changes stay in its own copy is the only one in addition.
    expect(Object.keys(wronged.metrics).sort()).toEqual([...Object.keys(metrics), 'hostile_chunks'].sort());
    expect(wronged.delivered).toMatchObject({ offered: delivered.offered, completed: delivered.completed });
  });

  it('heals records erases no mark of them', () => {
    const { marks, metrics } = sound.get('short')!;
    expect(marks).toContainEqual(expect.objectContaining({ code: 'short' }));

    for (const code of ['short', 'metric-failed'])
      expect(healed.marks).toContainEqual(expect.objectContaining({ code }));
    expect(healed.metrics['acme_longest_output']).toBe(metrics['acme_longest_output']);
  });

  it('changes arrivals changes its own copy of them', () => {
    const { metrics } = wronged;
    expect(metrics['hostile_chunks']).toBe(1);
    expect(metrics['hostile']).toBe(1);
    expect(metrics['acme_longest_output']).toBeGreaterThan(0);
    expect(metrics['mean_ttft_ms']).toBeGreaterThan(0);
  });
});
