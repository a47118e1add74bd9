import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeRequest } from '@sweepline/core';
import { newToken } from '@sweepline/core/testing';
import { expect, it } from 'vitest';
import plugins from '../src/index.js';

const [plugin] = plugins;

it('is a launcher', () => {
  expect(plugins).toMatchObject([{ kind: 'launcher', name: 'slurm' }]);
});

it('says where Slurm’s commands are missing, and asks for nothing when it was stopped before', async () => {
  const { PATH } = process.env;
  process.env['PATH'] = '';
  try {
    await expect(plugin!.acquire(request(), new AbortController().signal)).rejects.toMatchObject({
      code: 'ALLOCATION_FAILED',
      message: expect.stringMatching(/^can't start sbatch/) as string,
      hint: expect.stringContaining('login node') as string,
    });
  } finally {
    process.env['PATH'] = PATH;
  }
  await expect(plugin!.acquire(request(), AbortSignal.abort(new Error('stopped')))).rejects.toThrow(
    'stopped',
  );
});

function request(): NodeRequest {
  return {
    token: newToken(),
    name: 'run/point',
    runner: 'h100',
    sku: { name: 'h100', vendor: 'NVIDIA', device: 'gpu', devicesPerNode: 8, sources: [] },
    nodes: 1,
    devicesPerNode: 8,
    container: { docker: [], pyxis: [], env: {} },
    images: [],
    localDir: mkdtempSync(join(tmpdir(), 'sweepline-slurm-')),
    onHandle: () => {},
  };
}
