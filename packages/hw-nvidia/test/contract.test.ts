import { testHardware } from '@sweepline/core/testing';
import { describe, it } from 'vitest';
import { nvidia } from '../dist/nvidia.js';
import { fixture } from './node.js';

const QUERY = 'nvidia-smi --query-gpu';

testHardware(nvidia, {
  describe,
  it,
  nodes: [
    {
      title: 'eight H200',
      prints: {
        [`${QUERY}=name,memory.total`]: await fixture('detect-h200.csv'),
        [`${QUERY}=name,driver_version`]: await fixture('preflight-h200.csv'),
        [`${QUERY}=index`]: await fixture('telemetry.csv'),
        'nvidia-smi --query-compute-apps': '',
      },
      finds: ['h200'],
    },
  ],
});
