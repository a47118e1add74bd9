import { expect, it } from 'vitest';
import { tokensPerChunk } from '../../src/plugin/chunks.js';

const max = (...args: Parameters<typeof tokensPerChunk>) => tokensPerChunk(...args).tokensPerChunk?.max;

it('is the stream interval, in whatever way it is given', () => {
  expect(max(['--stream-interval', '10'])).toBe(10);
  expect(max(['--stream-interval=30'])).toBe(30);
  expect(max(['--stream-interval', '10', '--tp', '8', '--stream-interval', '50'])).toBe(50);
  expect(max([], { stream_interval: 20 })).toBe(20);
});

it('is a token and those that are drafted', () => {
  const mtp = [
    '--speculative-algorithm',
    'EAGLE',
    '--speculative-num-steps',
    '2',
    '--speculative-num-draft-tokens',
    '3',
  ];
  expect(max(mtp)).toBe(3);
  expect(max(['--speculative-algorithm', 'NGRAM', '--speculative-num-draft-tokens', '12'])).toBe(12);
  expect(max(['--speculative-config', '{"method":"mtp","num_speculative_tokens":1}'])).toBe(2);
  expect(max(['--speculative-config.num_speculative_tokens', '4'])).toBe(5);
  expect(max([], { speculative_config: { decoding_type: 'MTP', num_nextn_predict_layers: 3 } })).toBe(4);
  expect(max(['--method', 'mtp', '--num-speculative-tokens', '3'])).toBe(4);
});

it('is both together: the step that reaches the interval may bring more', () => {
  const config = {
    stream_interval: 10,
    speculative_config: { decoding_type: 'MTP', num_nextn_predict_layers: 3 },
  };
  expect(max([], config)).toBe(13);
});

it('is unknown where neither is set, or where it cannot be told', () => {
  expect(max(['--tp', '8'])).toBeUndefined();
  expect(max(['--method', 'mtp'])).toBeUndefined();
  expect(max(['--speculative-algorithm', 'EAGLE', '--stream-interval', '10'])).toBeUndefined();
  expect(max(['--speculative-config', '{"broken'])).toBeUndefined();
  expect(max(['--stream-interval', [{ ref: 'rank' }]])).toBeUndefined();
  expect(max(['--override-engine-args', '{}'], { stream_interval: 10 })).toBeUndefined();
});
