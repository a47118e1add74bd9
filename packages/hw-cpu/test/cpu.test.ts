import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import type { Executor, ProcessSpec } from '@sweepline/core';
import { scriptedNode } from '@sweepline/core/testing';
import { expect, test } from 'vitest';
import { cpu } from '../dist/cpu.js';

const signal = new AbortController().signal;

function executor(run: Executor['run']): Executor {
  return { ...scriptedNode({}).executor, run };
}

const thisMachine = executor(async ({ argv: [program = '', ...args] }: ProcessSpec) => {
  const { stdout, stderr } = await promisify(execFile)(program, args);
  return { exit: { code: 0, signal: undefined }, stdout, stderr };
});

test('finds the cores and the memory of the node, and claims nothing that it did not read', async () => {
  const [sku] = (await cpu.detect?.(thisMachine, signal)) ?? [];
  expect(sku).toMatchObject({
    name: 'cpu',
    device: 'cpu',
    devicesPerNode: 1,
    cores: os.availableParallelism(),
  });
  expect(sku?.memoryGiB).toBeGreaterThan(0);
  expect(sku?.memoryGiB).toBeLessThanOrEqual(os.totalmem() / 1024 ** 3 + 0.01);
  expect(sku?.sources).toHaveLength(1);
  expect(sku).not.toHaveProperty('flops');
});

test('says in preflight what a result needs to know of the node', async () => {
  const facts = await cpu.preflight?.(thisMachine, signal);
  expect(facts).toMatchObject({
    cores: os.availableParallelism(),
    arch: os.arch(),
    'cpu-model': os.cpus()[0]?.model.trim(),
  });
  expect(facts?.['free-memory-gib']).toBeLessThanOrEqual(facts?.['memory-gib'] as number);
});

test('a node without Node.js is named in the error', async () => {
  const without = executor(() =>
    Promise.resolve({ exit: { code: 127, signal: undefined }, stdout: '', stderr: 'node: not found\n' }),
  );
  await expect(cpu.detect?.(without, signal)).rejects.toThrow(
    "can't read the CPU of node_0: node: not found",
  );
});
