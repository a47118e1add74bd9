import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMasterConfigs, loadRunnerConfig, type LocatedEntry } from '../../src/config/load.js';
import type { ConfigEntry } from '../../src/config/model.js';

const ROOT = resolve(import.meta.dirname, '../../../..');
const VENDORS = ['nvidia', 'amd'] as const;

const located: Record<(typeof VENDORS)[number], readonly LocatedEntry[]> = {
  nvidia: await loadMasterConfigs(['configs/nvidia'], ROOT),
  amd: await loadMasterConfigs(['configs/amd'], ROOT),
};
const all = VENDORS.flatMap((vendor) => located[vendor]);

const points = (entry: ConfigEntry): number =>
  entry.scenarios['fixed-seq-len'].reduce((sum, lengths) => sum + lengths['search-space'].length, 0);

/** Entries and search-space points by model, framework and runner. */
function tally(entries: readonly LocatedEntry[]): readonly string[] {
  const counts = new Map<string, { entries: number; points: number }>();
  for (const { entry } of entries) {
    const name = [entry['model-prefix'], entry.framework, entry.runner].join(' ');
    const { entries: known, points: sum } = counts.get(name) ?? { entries: 0, points: 0 };
    counts.set(name, { entries: known + 1, points: sum + points(entry) });
  }
  return [...counts].map(([name, count]) => `${name} ${count.entries} ${count.points}`).sort();
}

describe('configs', () => {
  it('hold the entries of February 2026', () => {
    expect(tally(located.nvidia)).toEqual([
      'dsr1 dynamo-sglang b200-multinode-slurm 4 36',
      'dsr1 dynamo-sglang gb200 2 13',
      'dsr1 dynamo-sglang gb300 2 12',
      'dsr1 dynamo-sglang h100-multinode-slurm 1 6',
      'dsr1 dynamo-sglang h200-multinode-slurm 1 16',
      'dsr1 dynamo-trt b200-multinode-slurm 2 54',
      'dsr1 dynamo-trt b300 2 53',
      'dsr1 dynamo-trt gb200 2 75',
      'dsr1 dynamo-trt gb300 2 79',
      'dsr1 dynamo-trt h100-multinode-slurm 1 28',
      'dsr1 dynamo-trt h200-multinode-slurm 1 36',
      'dsr1 sglang b200 3 13',
      'dsr1 sglang h200 1 3',
      'dsr1 trt b200-trt 4 45',
      'dsr1 trt h200 2 10',
      'gptoss dynamo-trt gb200 1 11',
      'gptoss trt b200-trt 1 14',
      'gptoss trt h200 1 12',
      'gptoss vllm b200 1 12',
      'gptoss vllm h100 1 9',
      'gptoss vllm h200 1 12',
    ]);
    expect(tally(located.amd)).toEqual([
      'dsr1 atom mi355x 4 16',
      'dsr1 sglang mi300x 1 3',
      'dsr1 sglang mi325x 1 3',
      'dsr1 sglang mi355x 2 7',
      'dsr1 sglang-disagg mi355x-disagg 2 26',
      'gptoss atom mi355x 1 6',
      'gptoss vllm mi300x 1 12',
      'gptoss vllm mi325x 1 12',
      'gptoss vllm mi355x 1 9',
    ]);
  });

  it('are in one dialect, under keys that are there once', () => {
    expect(new Set(all.map(({ entry }) => entry.dialect))).toEqual(new Set(['2026-02']));
    expect(new Set(all.map(({ key }) => key)).size).toBe(50);
  });

  it('stand in the file of their model, GPU and framework, in the order of their keys', () => {
    for (const { key, entry, file } of all) {
      const name = basename(file, '.yaml');
      const start = `${entry['model-prefix']}-${entry.precision}-`;
      expect(key.startsWith(start), key).toBe(true);
      const rest = key.slice(start.length).replace(/-mtp$/, '');
      expect(`${entry['model-prefix']}-${rest}`).toBe(name);
      expect(rest.endsWith(`-${entry.framework}`), key).toBe(true);
    }
    const keys = all.map(({ key, file }) => `${file} ${key}`);
    for (const file of new Set(all.map((one) => one.file))) {
      const own = keys.filter((key) => key.startsWith(`${file} `));
      expect(own).toEqual([...own].sort());
    }
  });

  it('name images with a tag', () => {
    for (const { key, entry } of all) expect(entry.image, key).toMatch(/^[\w.-]+[/#][\w./-]+:[\w.-]+$/);
  });

  it('name runner labels that are there, but one that InferenceX lacks as well', async () => {
    const labels = Object.keys((await loadRunnerConfig('configs/runners.yaml', '2026-02', ROOT)).labels);
    const unknown = all.map(({ entry }) => entry.runner).filter((runner) => !labels.includes(runner));
    expect(new Set(unknown)).toEqual(new Set(['h200-multinode-slurm']));
  });

  it('say which schema they have, in one line, and in another what they hold', () => {
    for (const vendor of VENDORS) {
      const folder = join(ROOT, 'configs', vendor);
      for (const file of readdirSync(folder)) {
        const lines = readFileSync(join(folder, file), 'utf8').split('\n');
        expect(lines.filter((line) => line.includes('#') && !line.includes('image:'))).toEqual(
          lines.slice(0, 2),
        );
        const [, schema] = /^# yaml-language-server: \$schema=(.+)$/.exec(lines[0] ?? '') ?? [];
        expect(() => readFileSync(resolve(folder, schema ?? ''), 'utf8')).not.toThrow();
      }
    }
  });
});
