import type { Sku } from '@sweepline/core';
import { testFramework } from '@sweepline/core/testing';
import { describe, it } from 'vitest';
import plugins from '../dist/index.js';

const nvidia = (name: string): Sku => ({
  name,
  vendor: 'nvidia',
  device: 'gpu',
  devicesPerNode: 8,
  sources: [],
});

testFramework(plugins, {
  describe,
  it,
  skus: [
    ...['b200', 'h200', 'unheard-of-gpu'].map(nvidia),
    { name: 'cpu', vendor: 'none', device: 'cpu', devicesPerNode: 1, sources: [] },
  ],
});
