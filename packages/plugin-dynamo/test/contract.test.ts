import type { FrameworkPlugin } from '@sweepline/core';
import { testFramework } from '@sweepline/core/testing';
import { describe, it } from 'vitest';
import { dynamo, dynamoMocker } from '../dist/index.js';
import { CPU, singleNode } from './fixtures.js';

/** Engines that Dynamo's workers are of, with nothing to say but their parallelism. */
const engines = ['sglang', 'trt', 'vllm'].map((name): FrameworkPlugin => ({
  kind: 'framework',
  name,
  apiVersion: 2,
  frameworks: [name],
  plan: () => {
    throw new Error('it is not asked for plans');
  },
  worker: ({ point }) => ({
    flags: { [name === 'trt' ? 'tp_size' : 'tensor-parallel-size']: point?.tp ?? 1 },
    config: {},
    env: {},
  }),
}));

testFramework([dynamo], { describe, it, beside: engines });
testFramework([dynamoMocker], {
  describe,
  it,
  skus: [CPU],
  jobs: [singleNode({ framework: 'dynamo-mocker', runner: 'cpu', image: 'host', tp: 1, disagg: false })],
});
