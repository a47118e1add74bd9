import { join } from 'node:path';
import type { NodeLauncher } from '@sweepline/core';
import { createLaunchTester, samplePlan, sampleRole } from '@sweepline/core/testing';
import docker from '@sweepline/launcher-docker';
import slurm from '@sweepline/launcher-slurm';
import { expect, it } from 'vitest';

const LAUNCHERS: readonly NodeLauncher[] = [...docker, ...slurm];
const TESTER = await createLaunchTester(LAUNCHERS, join(import.meta.dirname, '../../..'));
const JOB = { image: 'nvcr.io#nvidia/engine:1.0', model: 'org/m', framework: 'vllm', tp: 2 };

it('commands of all clusters show no secret, and contain no placeholder whose value is known', () => {
  expect(TESTER.clusters).toHaveLength(19);
  for (const { name } of TESTER.clusters) {
    for (const strict of [false, true]) {
      const plan = samplePlan([sampleRole(JOB.image)]);
      const commands = TESTER.commands({ job: JOB, node: `${name}_0`, strict, plan });
      const words = commands.flatMap(({ argv }) => argv);
      const open = words.join(' ').match(/\{[a-z-]+\}/g) ?? [];

      expect(commands.length, name).toBeGreaterThan(0);
      expect(
        words.filter((word) => /(?:TOKEN|KEY|SECRET|PASSWORD)\w*=/.test(word)),
        name,
      ).toEqual([]);
      expect(
        open.filter((slot) => !['{job-id}', '{token}', '{hostname}', '{uid}'].includes(slot)),
        name,
      ).toEqual([]);
    }
  }
});
