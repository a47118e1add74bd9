import { expect, it } from 'vitest';
import { generateLoad } from '../../src/load/run/run-load.js';
import { marksOf } from '../../src/metrics/marks.js';
import type { RequestRecord, RunRecord } from '../../src/load/records/record.js';
import { chunks, DONE, startScripted, usage } from '../load/scripted-server.js';
import { specFor } from '../load/specs.js';
import { request, runOf } from './run.js';

const cachedMarks = (run: RunRecord) =>
  marksOf(run).flatMap(({ code, severity }) => (code === 'cached-prompts' ? [severity] : []));

const many = (overrides: Partial<RequestRecord>) =>
  Array.from({ length: 10 }, (_, index) =>
    request({ index, promptTokens: 1000, serverPromptTokens: 1001, ...overrides }),
  );

/** Counters of a server's metrics. */
const counted = (columns: NonNullable<RunRecord['server']>['columns']): Partial<RunRecord> => ({
  server: {
    path: '/metrics',
    intervalS: 1,
    scrapes: { sent: 2, failed: 0 },
    names: {},
    timesMs: [0, 9],
    columns,
  },
});

it('marks prompts that a server says it has seen before, with advice', async () => {
  const seen = new Set<string>();
  await using server = await startScripted((one) => {
    const key = JSON.stringify(one.body['prompt']);
    const cached = seen.has(key) ? (one.body['prompt'] as number[]).length : 0;
    seen.add(key);
    const details = `,"prompt_tokens_details":{"cached_tokens":${cached}}`;
    return { writes: [...chunks(one.maxTokens), usage(one, one.maxTokens, details), DONE] };
  });
  const spec = specFor(server, { serverMetrics: false });
  const first = await generateLoad(spec);
  const again = await generateLoad(spec);
  const busted = await generateLoad(specFor(server, { serverMetrics: false, prompts: { bustCache: 77 } }));
  expect(first.requests.map(({ cachedTokens }) => cachedTokens)).toEqual(Array(12).fill(0));
  expect([first, again, busted].map(cachedMarks)).toEqual([[], ['invalid'], []]);
  const mark = marksOf(again).find(({ code }) => code === 'cached-prompts');
  expect(mark?.message).toMatch(/100 % of prompt tokens .*--bust-cache.*--no-enable-prefix-caching/);
});

it('goes by the share of tokens', () => {
  expect(cachedMarks(runOf(many({ cachedTokens: 1 })))).toEqual([]);
  expect(cachedMarks(runOf(many({ cachedTokens: 20 })))).toEqual([]);
  expect(cachedMarks(runOf(many({ cachedTokens: 50 })))).toEqual(['note']);
  expect(cachedMarks(runOf(many({ cachedTokens: 300 })))).toEqual(['invalid']);
  expect(cachedMarks(runOf(many({})))).toEqual([]);
});

it("goes by the server's metrics where nothing is said of requests", () => {
  const half = counted({ prefixQueries: [0, 1000], prefixHits: [0, 500] });
  expect(cachedMarks(runOf(many({}), half))).toEqual(['invalid']);
  expect(cachedMarks(runOf(many({}), counted({ prefixHitRate: [null, 0.1] })))).toEqual(['note']);
  expect(cachedMarks(runOf(many({}), counted({ prefixQueries: [0, 1000], prefixHits: [0, 3] })))).toEqual([]);
  expect(cachedMarks(runOf(many({ cachedTokens: 0 }), half))).toEqual([]);
});

it('takes off what was asked to be shared', () => {
  const { spec } = runOf([]);
  const prefixed = { spec: { ...spec, prompts: { ...spec.prompts, prefixLen: 480 } as typeof spec.prompts } };
  expect(cachedMarks(runOf(many({ cachedTokens: 480 }), prefixed))).toEqual([]);
  expect(cachedMarks(runOf(many({ cachedTokens: 900 }), prefixed))).toEqual(['invalid']);
  const conversations = {
    spec: { ...spec, prompts: { kind: 'multi-turn' } as unknown as typeof spec.prompts },
  };
  expect(cachedMarks(runOf(many({ cachedTokens: 900 }), conversations))).toEqual([]);
  const chat = { spec: { ...spec, endpoint: { ...spec.endpoint, api: 'chat' as const } } };
  expect(cachedMarks(runOf(many({ cachedTokens: 48, promptTokens: undefined }), chat))).toEqual([]);
});
