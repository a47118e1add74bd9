import { testHardware } from '@sweepline/core/testing';
import { describe, it } from 'vitest';
import { amd } from '../dist/amd.js';
import { fixture } from './node.js';

testHardware(amd, {
  describe,
  it,
  nodes: [
    {
      title: 'eight MI300X with amd-smi',
      prints: {
        'amd-smi static': await fixture('static-list.json'),
        'amd-smi metric': await fixture('metric.json'),
        'rocm-smi --showfw': await fixture('showfw.txt'),
      },
      finds: ['mi300x'],
    },
    {
      title: 'two MI355X with a newer amd-smi',
      prints: {
        'amd-smi static': await fixture('static-gpu-data.json'),
        'amd-smi metric': await fixture('metric-gaps.json'),
        'amd-smi firmware': await fixture('firmware.json'),
      },
      finds: ['mi355x'],
    },
    {
      title: 'two MI325X with rocm-smi alone',
      prints: { 'rocm-smi --showproductname': await fixture('rocm-smi.json') },
      finds: ['mi325x'],
      noTelemetry: true,
    },
  ],
});
