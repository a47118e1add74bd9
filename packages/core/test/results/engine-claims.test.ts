import { expect, it } from 'vitest';
import type { EngineOutput, FrameworkPlugin, IntendedSetting, Job, ServePlan } from '../../src/index.js';
import { engineClaims } from '../../src/measure/engine-claims.js';

const plan = { client: { model: 'org/m' } } as ServePlan;
const job = {} as Job;

const log = (role: string, text: string, replica = 0) => ({
  ...{ role, replica, rank: 0, text },
  file: `${role}-${replica}.log`,
});
const models = (...ids: readonly string[]) => ({
  ...{ path: '/v1/models', when: 'before-load' as const, status: 200 },
  body: JSON.stringify({ data: ids.map((id) => ({ id })) }),
});

function claims(
  wanted: readonly IntendedSetting[],
  said: Partial<EngineOutput>,
  plugin: Partial<FrameworkPlugin> = {},
) {
  const reader: Partial<FrameworkPlugin> = {
    intended: () => wanted,
    effective: ({ logs }) =>
      logs.map(({ role, file, text }) => ({ name: 'tp', value: text, role, from: `${file}, line 1` })),
    ...plugin,
  };
  return engineClaims(reader as FrameworkPlugin, plan, job, { logs: [], http: [], ...said });
}

it('keeps both sides, and marks nothing where they agree in other words', () => {
  const same = claims([{ name: 'tp', value: '4' }], {
    logs: [log('server', ' 4.0 ')],
    http: [models('org/m', 'lora')],
  });

  expect(same).toEqual({
    marks: [],
    intended: { tp: '4' },
    engine: { tp: ' 4.0 ', 'served-model': 'org/m' },
  });
});

it('marks a difference invalid, with both values and where the engine says so', () => {
  const { marks } = claims([{ name: 'tp', value: '4' }], { logs: [log('server', '2')] });

  expect(marks).toEqual([
    {
      code: 'settings-differ',
      severity: 'invalid',
      message: 'tp: 4 was intended, but the engine runs with 2 (server-0.log, line 1)',
    },
  ]);
});

it('marks harmless differences with a note, and settings that one side is silent about with nothing', () => {
  const harmless = claims([{ name: 'tp', value: '4', severity: 'note' }], { logs: [log('server', '2')] });

  expect(harmless.marks).toMatchObject([{ code: 'settings-differ', severity: 'note' }]);
  const half = [
    { name: 'tp', value: '2' },
    { name: 'pp', value: '4' },
  ];
  expect(claims(half, { logs: [log('server', '2')] }).marks).toEqual([]);
  expect(claims([], { logs: [log('server', '2')] }).marks).toEqual([]);
});

it('says so where an engine is silent about all that was asked of it', () => {
  const unchecked = [{ code: 'settings-unchecked', severity: 'note' }];

  expect(claims([{ name: 'tp', value: '4' }], {}).marks).toMatchObject(unchecked);
  expect(claims([{ name: 'pp', value: '4' }], { logs: [log('server', '2')] }).marks).toMatchObject(unchecked);
  // Its plugin reads nothing, so nothing can be missing.
  const { marks } = engineClaims(
    { intended: () => [{ name: 'tp', value: '4' }] } as Partial<FrameworkPlugin> as FrameworkPlugin,
    plan,
    job,
    { logs: [], http: [] },
  );
  expect(marks).toEqual([]);
});

it("hears every role and replica: a worker's settings are held against those of its own role", () => {
  const logs = [log('prefill', '4'), log('decode', '8'), log('decode', '2', 1), log('router', '1')];
  const wanted = [
    { name: 'tp', value: '4', role: 'prefill' },
    { name: 'tp', value: '8', role: 'decode' },
  ];
  const { marks, engine } = claims(wanted, { logs });

  expect(marks).toMatchObject([
    { message: 'tp of decode: 8 was intended, but the engine runs with 2 (decode-1.log, line 1)' },
  ]);
  expect(engine).toEqual({ 'prefill.tp': '4', 'decode.tp': '8 | 2', 'router.tp': '1' });
});

it('marks a server that lists other models than the one that requests name', () => {
  expect(claims([], { http: [models('other', 'another')] }).marks).toMatchObject([
    {
      severity: 'invalid',
      message: expect.stringMatching(/served-model: org\/m .* other, another/) as string,
    },
  ]);
  const answers = ['<html>', '{"data": 3}', '{"data": [null, {}]}', 'null'].map((body) => ({
    ...models(),
    body,
  }));
  for (const answer of answers) expect(claims([], { http: [answer] }).marks).toEqual([]);
  expect(claims([], { http: [{ ...models('other'), status: 500 }] }).marks).toEqual([]);
});

it('says that nothing was compared where a plugin stumbles', () => {
  const stumbles = (): never => {
    throw new Error('no such bracket');
  };
  const { marks } = claims(
    [{ name: 'tp', value: '4' }],
    { logs: [log('server', '2')] },
    { effective: stumbles },
  );

  expect(marks).toMatchObject([
    {
      code: 'settings-unchecked',
      severity: 'note',
      message: expect.stringContaining('no such bracket') as string,
    },
  ]);
});

it('hears what the server lists before the load and after it, and names a few of many models', () => {
  const before = models('other');
  const after = { ...models('org/m'), when: 'after-load' as const };
  for (const http of [
    [before, after],
    [after, before],
  ])
    expect(claims([], { http }).marks).toMatchObject([{ code: 'settings-differ', severity: 'invalid' }]);
  expect(claims([], { http: [models('org/m'), after] }).marks).toEqual([]);

  const many = models(...Array.from({ length: 20_000 }, (_, i) => `${i}${'m'.repeat(1000)}`));
  const [mark] = claims([], { http: [many] }).marks;
  expect(mark?.message).toMatch(/and 19992 more/);
  expect(mark?.message.length).toBeLessThan(2000);
});

it('tells settings apart that are no text, as plugins without types give them', () => {
  const values = [{ tokens: 3 }, { tokens: 5 }] as unknown as readonly [string, string];
  const reader = { effective: () => [{ name: 'spec', value: values[1], from: 'x' }] };
  expect(claims([{ name: 'spec', value: values[0] }], {}, reader).marks).toMatchObject([
    { message: expect.stringContaining('{"tokens":3} was intended') as string },
  ]);
  expect(claims([{ name: 'spec', value: values[1] }], {}, reader).marks).toEqual([]);
});
