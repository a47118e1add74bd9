import { scriptedNode } from '@sweepline/core/testing';
import { expect, it } from 'vitest';
import { createDevices } from '../dist/devices.js';

const never = new AbortController().signal;
const NOT_SET = { exit: { code: 1, signal: undefined }, stdout: '', stderr: '' };

it.each([
  ['4,5,6,7', '0,1', '4,5'],
  ['4,5,6,7', '2,3', '6,7'],
  ['0,1,2,3', '2,3', '2,3'],
  ['GPU-a,GPU-b', '1', 'GPU-b'],
  ['4,5', '', ''],
  ['4,5', 'GPU-0', 'GPU-0'],
  [NOT_SET, '2,3', '2,3'],
])('of a job that has %j, a process that is planned to see %j sees %j', async (granted, planned, seen) => {
  const { executor } = scriptedNode({ 'printenv CUDA_VISIBLE_DEVICES': granted });
  const env = { CUDA_VISIBLE_DEVICES: planned, OTHER: '0' };
  expect(await createDevices(executor)({ argv: ['serve'], env }, never)).toEqual({
    argv: ['serve'],
    env: { CUDA_VISIBLE_DEVICES: seen, OTHER: '0' },
  });
});

it('asks for nothing where a plan says nothing of devices', async () => {
  const { executor } = scriptedNode({});
  const spec = { argv: ['serve'], env: { OTHER: '0' } };
  expect(await createDevices(executor)(spec, never)).toBe(spec);
});

it('starts nothing on a device that the job does not have', async () => {
  const { executor } = scriptedNode({ 'printenv CUDA_VISIBLE_DEVICES': '4,5' });
  const spec = { argv: ['serve'], env: { CUDA_VISIBLE_DEVICES: '1,2' } };
  await expect(createDevices(executor)(spec, never)).rejects.toMatchObject({
    code: 'NODE_UNFIT',
    message: 'the job has 2 devices of node_0 (4,5), and the plan takes number 1,2 of them',
  });
});
