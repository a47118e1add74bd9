import { expect, it } from 'vitest';
import { checkPlan } from '../../src/plan/check-plan.js';
import type { ServePlan } from '../../src/plugin/launch-plan.js';

const plan: ServePlan = {
  kind: 'serve',
  roles: [
    {
      name: 'server',
      replicas: 1,
      runtime: { kind: 'host' },
      argv: ['serve'],
      env: {},
      files: {},
      ports: [{ name: 'http' }],
      place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 1, wireUp: 'none' },
    },
  ],
  endpoint: { ref: 'port', role: 'server', name: 'http' },
  ready: [{ role: 'server', when: { tcp: 'http' }, timeoutS: 5 }],
  client: {
    api: 'completions',
    model: 'm',
    numPrompts: 1,
    numWarmups: 0,
    rangeRatio: 1,
    ignoreEos: true,
    chatTemplate: false,
    promptForm: 'auto',
  },
};
const [server] = plan.roles;

it('hands a sound plan on as a copy that nobody changes', () => {
  const given = structuredClone(plan);

  const checked = checkPlan(given);
  (given.client as { numPrompts: number }).numPrompts = 99;

  expect(checked).toEqual(plan);
  expect(Object.isFrozen(checked)).toBe(true);
});

it.each([
  ['nothing', undefined, /plan: /],
  ['no kind', { ...plan, kind: 'other' }, /kind: /],
  ['no roles', { ...plan, roles: [] }, /roles: /],
  ['a role without argv', { ...plan, roles: [{ ...server, argv: [] }] }, /roles\.0\.argv: /],
  [
    'an argument that is a number',
    { ...plan, roles: [{ ...server, argv: ['sleep', 100] }] },
    /roles\.0\.argv\.1?: /,
  ],
  [
    'a variable that is a number',
    { ...plan, roles: [{ ...server, env: { N: 1 } }] },
    /roles\.0\.env\.N: expected a string/,
  ],
  [
    'results of a delegate outside of the workspace',
    {
      kind: 'delegate',
      submit: { argv: ['sbatch'], env: {} },
      results: { folder: 'clone/../../others', client: 'bench' },
    },
    /results\.folder: expected a folder below the workspace/,
  ],
  [
    'a place of half a device',
    { ...plan, roles: [{ ...server, place: { ...server!.place, devicesPerRank: 0.5 } }] },
    /devicesPerRank: /,
  ],
  [
    'a container without an image',
    { ...plan, roles: [{ ...server, runtime: { kind: 'container' } }] },
    /runtime\.image: /,
  ],
  [
    'readiness of no kind',
    { ...plan, ready: [{ role: 'server', when: {}, timeoutS: 1 }] },
    /ready\.0\.when: expected one of http/,
  ],
  ['many prompts', { ...plan, client: { ...plan.client, numPrompts: 'many' } }, /client\.numPrompts: /],
  [
    'a ratio that is no number',
    { ...plan, client: { ...plan.client, rangeRatio: Number.NaN } },
    /client\.rangeRatio: /,
  ],
  [
    'a timeout of no time',
    { ...plan, client: { ...plan.client, requestTimeoutS: -1 } },
    /client\.requestTimeoutS: /,
  ],
  ['no client', { ...plan, client: undefined }, /client: /],
  [
    'readiness of another role',
    { ...plan, ready: [{ ...plan.ready[0], role: 'sever' }] },
    /ready names the role sever, which it does not have/,
  ],
  [
    'an endpoint elsewhere',
    { ...plan, endpoint: { ref: 'port', role: 'web' } },
    /endpoint names the role web/,
  ],
  [
    'a port it lacks',
    { ...plan, ready: [{ ...plan.ready[0], when: { tcp: 'grpc' } }] },
    /server has no port grpc/,
  ],
  ['a wait for nobody', { ...plan, roles: [{ ...server, after: ['db'] }] }, /after names the role db/],
  ['one name twice', { ...plan, roles: [server, server] }, /two roles are called server/],
])('refuses a plan with %s', (_, bad, message) => {
  expect(() => checkPlan(bad as unknown as ServePlan)).toThrow(
    expect.objectContaining({ code: 'PLAN_INVALID', message: expect.stringMatching(message) as unknown }),
  );
});
