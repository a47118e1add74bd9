import { describe, it } from 'node:test';
import { testLauncher } from '@sweepline/core/testing';
import { launcher } from '../src/index.js';

testLauncher(launcher, {
  describe,
  it,
  // How many nodes it can hold at once, and which.
  nodes: 1,
  sku: { name: 'cpu', vendor: 'any', device: 'cpu', devicesPerNode: 1, sources: [] },
});
