import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleRuns, testMetric } from '@sweepline/core/testing';
import { metric } from '../src/index.js';

testMetric(metric, { describe, it });

describe('my-plugin', () => {
  it('is the most tokens of a request', () => {
    const run = sampleRuns()['of several requests'];
    assert(run !== undefined);
    assert.deepEqual(metric.compute(run), { my_plugin_tokens: 6 });
  });
});
