import { testFramework, testHardware, testLauncher, testMetric } from '@sweepline/core/testing';
import vllm from '@sweepline/plugin-vllm';
import { describe, it } from 'vitest';
import { framework } from '../templates/framework/src/index.js';
import { hardware } from '../templates/hardware/src/index.js';
import { launcher } from '../templates/launcher/src/index.js';
import { metric } from '../templates/metric/src/index.js';
import { recipes } from '../templates/recipes/src/index.js';

/* What a package is made from keeps the contract as it is. That packages which were made do is tested in packages/first-use. */
testFramework([framework], { describe, it });
testFramework([recipes], { describe, it, beside: vllm });
testHardware(hardware, { describe, it });
testMetric(metric, { describe, it });
testLauncher(launcher, {
  describe,
  it,
  nodes: 1,
  sku: { name: 'cpu', vendor: 'any', device: 'cpu', devicesPerNode: 1, sources: [] },
});
