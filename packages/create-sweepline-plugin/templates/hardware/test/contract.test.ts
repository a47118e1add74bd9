import { describe, it } from 'node:test';
import { testHardware } from '@sweepline/core/testing';
import { hardware } from '../src/index.js';

testHardware(hardware, {
  describe,
  it,
  // The tool's output on real nodes, by how its command begins.
  nodes: [
    {
      title: 'a node with two devices',
      prints: { 'my-plugin-smi --list': '0: my-plugin\n1: my-plugin\n' },
      finds: ['my-plugin'],
    },
    { title: 'a node with other devices', prints: { 'my-plugin-smi --list': '0: my-plugin-2\n' }, finds: [] },
  ],
});
