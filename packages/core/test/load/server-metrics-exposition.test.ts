import { describe, expect, it } from 'vitest';
import { parseExposition } from '../../src/load/server-metrics/exposition.js';
import { parseIterationStats } from '../../src/load/server-metrics/iteration-stats.js';

const one = (line: string) => parseExposition(line);

describe('parseExposition', () => {
  it('reads what servers write', () => {
    const text = [
      '# HELP vllm:request_success_total Count of successfully processed requests.',
      '# TYPE vllm:request_success_total counter',
      'vllm:request_success_total{engine="0",finished_reason="stop",model_name="m"} 3.0',
      '',
      'http_request_duration_seconds_bucket{le="0.05"} 24054',
      'http_request_duration_seconds_bucket{le="+Inf"} 1.44320e+05',
      'http_request_duration_seconds_sum 53423',
      'metric_without_timestamp_and_labels 12.47',
      'something_weird{problem="division by zero"} +Inf -3982045',
      'rpc_duration_seconds{quantile="0.01",} 3102 1395066363000',
      '  spaced { a = "b" , c = "d" }   -.5e-3  \r',
      'no_space_after{a="b"}1',
      'crlf 4\r',
      'exemplar_bucket{le="1"} 7 # {trace_id="a}b"} 0.67 1520879607.789',
      '# EOF',
    ].join('\n');

    expect(parseExposition(text)).toEqual([
      {
        name: 'vllm:request_success_total',
        labels: { engine: '0', finished_reason: 'stop', model_name: 'm' },
        value: 3,
      },
      { name: 'http_request_duration_seconds_bucket', labels: { le: '0.05' }, value: 24054 },
      { name: 'http_request_duration_seconds_bucket', labels: { le: '+Inf' }, value: 144320 },
      { name: 'http_request_duration_seconds_sum', labels: {}, value: 53423 },
      { name: 'metric_without_timestamp_and_labels', labels: {}, value: 12.47 },
      { name: 'something_weird', labels: { problem: 'division by zero' }, value: Infinity },
      { name: 'rpc_duration_seconds', labels: { quantile: '0.01' }, value: 3102 },
      { name: 'spaced', labels: { a: 'b', c: 'd' }, value: -0.0005 },
      { name: 'no_space_after', labels: { a: 'b' }, value: 1 },
      { name: 'crlf', labels: {}, value: 4 },
      { name: 'exemplar_bucket', labels: { le: '1' }, value: 7 },
    ]);
  });

  it.each([
    ['NaN', NaN],
    ['nan', NaN],
    ['-Inf', -Infinity],
    ['Infinity', Infinity],
    ['1.', 1],
    ['+12e2', 1200],
  ])('takes %s for a number', (text, value) => {
    expect(one(`a ${text}`)).toEqual([{ name: 'a', labels: {}, value }]);
  });

  it('undoes escapes in labels, each once', () => {
    expect(one(String.raw`a{path="C:\\new\\\"x\"",text="two\nlines",braces="{},"} 1`)[0]?.labels).toEqual({
      path: 'C:\\new\\"x"',
      text: 'two\nlines',
      braces: '{},',
    });
  });

  it.each([
    '<!doctype html>',
    '{"detail":"Not Found"}',
    'a',
    'a{} ',
    'a one',
    'a+Inf',
    'a 1 2 3',
    'a 0x10',
    'a{b="c} 1',
    'a{b=c} 1',
    'a{b="c" d="e"} 1',
    String.raw`a{b="\t"} 1`,
    '1a 1',
  ])('refuses %s', (line) => {
    expect(() => parseExposition(`b 1\n${line}`)).toThrow(/^line 2 is not a sample/);
  });

  it('looks at nothing but the names of samples that are not wanted', () => {
    const text = 'a{b="unread} 1\nwanted{c="d"} 2';
    expect(parseExposition(text, (name) => name === 'wanted')).toEqual([
      { name: 'wanted', labels: { c: 'd' }, value: 2 },
    ]);
    expect(() => parseExposition('<html>', () => false)).toThrow(SyntaxError);
  });

  it('gives back whatever was written', () => {
    const random = generator(7);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const letters = ['\\', '"', '\n', '{', '}', ',', '=', ' ', '#', 'n', 'é', '日', '\t'];
    const string = () => Array.from({ length: Math.floor(random() * 8) }, () => pick(letters)).join('');
    const samples = Array.from({ length: 500 }, (_, i) => ({
      name: `m:${i}_total`,
      labels: Object.fromEntries(
        Array.from({ length: Math.floor(random() * 4) }, (_unused, l) => [`l${l}`, string()] as const),
      ),
      value: pick([random(), -random() * 1e300, Math.floor(random() * 1e12), NaN, Infinity, -Infinity, 0]),
    }));

    expect(parseExposition(samples.map(write).join('\n'))).toEqual(samples);
  });

  it('throws nothing but that it is no sample, whatever it gets', () => {
    const random = generator(11);
    const letters = [...'a{}="\\, \t\n1.e+NaIf#:_é'];
    for (let i = 0; i < 5000; i++) {
      const text = Array.from(
        { length: Math.floor(random() * 30) },
        () => letters[Math.floor(random() * letters.length)],
      ).join('');
      try {
        for (const { name, value } of parseExposition(text)) {
          expect({ name, value }).toEqual({
            name: expect.stringMatching(/^[a-zA-Z_:]/) as string,
            value: expect.any(Number) as number,
          });
        }
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }
  });
});

describe('parseIterationStats', () => {
  it("reads TensorRT-LLM's last iteration under the names of its text", () => {
    const iteration = (active: number) => ({
      iter: 7,
      numActiveRequests: active,
      numQueuedRequests: 2,
      kvCacheStats: { usedNumBlocks: 30, maxNumBlocks: 120, cacheHitRate: 0.5 },
      specDecodingStats: { acceptanceLength: 2.5 },
    });

    expect(parseIterationStats(JSON.stringify([iteration(1), iteration(4)]))).toEqual([
      { name: 'trtllm_num_requests_running', labels: {}, value: 4 },
      { name: 'trtllm_num_requests_waiting', labels: {}, value: 2 },
      { name: 'trtllm_kv_cache_utilization', labels: {}, value: 0.25 },
      { name: 'trtllm_kv_cache_hit_rate', labels: {}, value: 0.5 },
      { name: 'trtllm_spec_decode_acceptance_length', labels: {}, value: 2.5 },
    ]);
  });

  it('leaves out what is not there', () => {
    expect(parseIterationStats('[]')).toEqual([]);
    expect(parseIterationStats('[{"iter":1,"kvCacheStats":{"usedNumBlocks":0,"maxNumBlocks":0}}]')).toEqual(
      [],
    );
    expect(() => parseIterationStats('{"a":1}')).toThrow(SyntaxError);
  });
});

function write({ name, labels, value }: ReturnType<typeof parseExposition>[number]): string {
  const escaped = Object.entries(labels).map(
    ([key, text]) => `${key}="${text.replace(/[\\"\n]/g, (c) => (c === '\n' ? String.raw`\n` : `\\${c}`))}"`,
  );
  const number = Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
  return `${name}${escaped.length > 0 ? `{${escaped.join(',')}}` : ''} ${number}`;
}

/** Numbers in [0, 1), the same each time (a linear congruential generator). */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}
