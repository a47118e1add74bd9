import { expect, it } from 'vitest';
import { checkPlan } from '../../src/plan/check-plan.js';
import type { ServePlan } from '../../src/plugin/launch-plan.js';

const plan: ServePlan = {
  kind: 'serve',
  roles: [
    {
      name: 'server',
      replicas: 1,
      runtime: { kind: 'host', requires: [] },
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

it('hands a sound plan on as it is', () => {
  expect(checkPlan(plan)).toBe(plan);
});

it.each([
  ['nothing', undefined, /plan: /],
  ['no kind', { ...plan, kind: 'other' }, /kind: /],
  ['no roles', { ...plan, roles: [] }, /roles: /],
  ['a role without argv', { ...plan, roles: [{ ...server, argv: [] }] }, /roles\.0\.argv: /],
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
