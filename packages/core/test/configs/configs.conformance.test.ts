import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { loadMasterConfigs, loadRunnerConfig } from '../../src/config/load.js';
import { fullSweep } from '../../src/matrix/full-sweep.js';
import type { Job } from '../../src/matrix/job.js';
import { testConfig } from '../../src/matrix/test-config.js';
import { describeRecorded, recordings } from '../recordings.js';

const ROOT = resolve(import.meta.dirname, '../../../..');
const CONFORMANCE = recordings('matrix');
const ORIGINALS = join(CONFORMANCE, 'inputs/seed/.github/configs');

const entries = await loadMasterConfigs(['configs/nvidia', 'configs/amd'], ROOT);
const runners = await loadRunnerConfig('configs/runners.yaml', '2026-02', ROOT);

const recorded = (name: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(join(CONFORMANCE, 'golden/seed', `seed.${name}.json.gz`))).toString());

const asSet = (rows: unknown): readonly string[] =>
  (rows as readonly object[]).map((row) => JSON.stringify(sorted(row))).sort();

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([key, inner]) => [key, sorted(inner)]));
}

const sweep = (kind: { readonly singleNode: boolean; readonly multiNode: boolean }): readonly Job[] =>
  fullSweep(entries, runners, { stepSize: 2, ...kind });

describeRecorded(CONFORMANCE, 'configs', () => {
  it.each([
    ['full-sweep.sn.both', sweep({ singleNode: true, multiNode: false })],
    ['full-sweep.mn.both-reversed', sweep({ singleNode: false, multiNode: true })],
    ['test-config.all', testConfig(entries, runners, { configKeys: entries.map(({ key }) => key) })],
  ])('expand to the jobs of %s', (name, jobs) => {
    expect(asSet(jobs)).toEqual(asSet(recorded(name)));
  });

  it('say what the original ones say, entry by entry', async () => {
    const originals = await loadMasterConfigs(
      ['nvidia', 'amd'].map((vendor) => join(ORIGINALS, `${vendor}-master.yaml`)),
      ROOT,
    );
    const byKey = (located: typeof entries) =>
      Object.fromEntries(located.map(({ key, entry }) => [key, entry]));
    expect(byKey(entries)).toEqual(byKey(originals));
    expect(runners).toEqual(await loadRunnerConfig(join(ORIGINALS, 'runners.yaml'), '2026-02', ROOT));
  });
});
