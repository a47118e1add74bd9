import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeFolder } from './recordings.js';

/** Files that a suite of this folder reads. */
const COMPARED = ['launchers', 'multinode', 'probes', 'recipes', 'variants'];
/** Files that no suite reads, and why. */
const NOT_COMPARED = {
  docker_effective: 'the recipes again, with the variables that the docker launchers of the original pass on',
  evals: 'evals are not part of a launch here',
  multinode_orphan_gptoss: 'a recipe that no launcher of the original calls',
};

describeFolder('files of recorded launches', (folder) => {
  it('are all compared, or have a reason not to be', () => {
    const names = readdirSync(folder).flatMap((file) => /^(.+)\.jsonl\.gz$/.exec(file)?.[1] ?? []);
    expect(names.sort()).toEqual([...COMPARED, ...Object.keys(NOT_COMPARED)].sort());
  });
});
