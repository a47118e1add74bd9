import { beforeAll, describe, expect, it } from 'vitest';
import {
  ENTRIES,
  JOBS,
  makeHostileWorkspace,
  outcomesOf,
  runOf,
  sessionStates,
  startHostile,
} from '../hostile.js';

/** What goes wrong with a job, what of it is hostile, and how its row ends. */
const CASES: readonly (readonly [string, string, keyof typeof ENTRIES, RegExp])[] = [
  [
    'throws in a plan',
    'plan:throws',
    'framework',
    /^PLUGIN_THREW: framework hostile: plan: boom \(at .*hostile-plugin|sweepline-plugin\/index\.js:\d+\)/,
  ],
  [
    'throws what is no error',
    'plan:throws-odd',
    'framework',
    /^PLUGIN_THREW: framework hostile: plan: something that is not an error/,
  ],
  [
    'never returns from a plan',
    'plan:loops',
    'framework',
    /^PLUGIN_TIMEOUT: framework hostile: plan has not returned after 6 s/,
  ],
  [
    'never returns from its rules',
    'rejects:loops',
    'framework',
    /^PLUGIN_TIMEOUT: framework hostile: rejects has not returned/,
  ],
  [
    'rejects without a reason',
    'rejects:object',
    'framework',
    /^PLUGIN_INVALID: framework hostile: rejects gave .*reason/,
  ],
  ['plans in a promise', 'plan:never', 'framework', /^PLAN_INVALID: /],
  ['plans an argument that is a number', 'plan:argv', 'framework', /^PLAN_INVALID: .*roles\.0\.argv/],
  ['plans for many prompts', 'plan:client', 'framework', /^PLAN_INVALID: .*client\.numPrompts/],
  [
    'changes the job it is given',
    'plan:changes',
    'framework',
    /^PLUGIN_THREW: framework hostile: plan: Cannot assign to read only property 'tp'/,
  ],
  [
    'never looks at its node',
    'preflight:never',
    'hardware',
    /^PLUGIN_TIMEOUT: hardware hostile-\d+: preflight has not ended after 6 s/,
  ],
  [
    'throws at its node',
    'preflight:rejects',
    'hardware',
    /^PLUGIN_THREW: hardware hostile-\d+: preflight: boom/,
  ],
  [
    'finds facts that are none',
    'preflight:facts',
    'hardware',
    /^PLUGIN_INVALID: hardware hostile-\d+: preflight gave .*Driver Version.*n: /,
  ],
  ['throws for nodes', 'acquire:rejects', 'launcher', /^PLUGIN_THREW: launcher hostile-\d+: acquire: boom/],
  [
    'gives nodes that are none',
    'acquire:object',
    'launcher',
    /^PLUGIN_INVALID: launcher hostile-\d+: acquire gave .*handle/,
  ],
  [
    'never says a port',
    'freePort:never',
    'launcher',
    /^PLUGIN_TIMEOUT: launcher hostile-\d+: freePort has not ended/,
  ],
];

/** Each case has a job, or a plugin, of its own name: all of them go wrong in one sweep. */
const named = CASES.map(([title, wrong, hostile, reason], index) => ({
  ...{ title, hostile, reason, name: `hostile-${index}`, wrong: `${wrong}@hostile-${index}` },
}));

describe('plugins that go wrong in one sweep, each in a way of its own', () => {
  let outcomes: Readonly<Record<string, string>>;
  let ended: {
    readonly exitCode: number | undefined;
    readonly stderr: string;
    readonly left: readonly number[];
  };
  let run: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    await using workspace = await makeHostileWorkspace('healthy');
    const launchers = named.filter(({ hostile }) => hostile === 'launcher');
    const runners = launchers.map(({ name }) => `  ${name}-nodes: { sku: acme-x1, launcher: ${name} }\n`);
    const yaml = await workspace.read('configs/sweepline.yaml');
    await workspace.write('configs/sweepline.yaml', yaml + runners.join(''));
    const entries = named.map(({ hostile, name }) => ENTRIES[hostile](name));
    await workspace.write('configs/jobs.yaml', [...entries, JOBS.healthy].join(''));
    const { exitCode, stderr } = await startHostile(workspace, named.map(({ wrong }) => wrong).join());
    ended = { exitCode, stderr, left: await workspace.processes() };
    outcomes = await outcomesOf(workspace);
    run = await runOf(workspace);
  }, 180_000);

  it.each(named)('one that $title fails its own job', ({ name, reason }) => {
    expect(outcomes[name], ended.stderr).toMatch(reason);
  });

  it('take no other job with them, and leave nothing', () => {
    expect(outcomes['healthy'], ended.stderr).toBe('completed');
    expect(Object.keys(outcomes).sort()).toEqual([...named.map(({ name }) => name), 'healthy'].sort());
    expect(ended).toMatchObject({ exitCode: 1, left: [] });
    expect(run).toMatchObject({ state: 'finished' });
  });
});

describe('a plugin that', () => {
  it('keeps nodes waiting is named while they are waited for, and given up after the time that it has', async () => {
    await using workspace = await makeHostileWorkspace('launcher', 'healthy');

    const { exitCode, stderr } = await startHostile(workspace, 'acquire:never', ['sweep'], {
      SWEEPLINE_ACQUIRE_TIMEOUT_S: '9',
    });

    expect(stderr).toMatch(
      /waiting for launcher hostile: acquire of @hostile\/sweepline-plugin for 6 s \(it has 9 s\)/,
    );
    expect(await outcomesOf(workspace)).toMatchObject({
      hostile: expect.stringMatching(
        /^PLUGIN_TIMEOUT: launcher hostile: acquire has not ended after 9 s/,
      ) as string,
      healthy: 'completed',
    });
    expect(exitCode).toBe(1);
  });

  it('never takes its nodes back loses nothing of what was measured, and the next sweep ends what it left', async () => {
    await using workspace = await makeHostileWorkspace('launcher');

    const { stderr } = await startHostile(workspace, 'dispose:never');

    expect(await outcomesOf(workspace)).toEqual({ hostile: 'completed' });
    expect(stderr).toMatch(
      /nodes \(local:\d+\) were perhaps not given back: PLUGIN_TIMEOUT: launcher hostile: dispose of the lease/,
    );
    expect(stderr).toMatch(/next sweep .* ends what is left of session [0-9a-f]{32}/);
    expect(await sessionStates(workspace)).toEqual(['open']);

    const next = await startHostile(workspace, 'nothing');

    expect(next.stderr).toMatch(/ended what \S+ had left: nodes local:\d+/);
    expect(await sessionStates(workspace)).toEqual(['ended', 'ended']);
  });

  it.each([
    ['throws what nobody foresaw', 'acquire:rejects', 'open'],
    ['gives what is no lease', 'acquire:object', 'open'],
    ['refuses', 'acquire:refuses', 'ended'],
  ])(
    'that %s instead of giving nodes leaves a session that is known to be over, or not',
    async (_, wrong, state) => {
      await using workspace = await makeHostileWorkspace('launcher');

      const { stderr } = await startHostile(workspace, wrong);

      expect(await sessionStates(workspace), stderr).toEqual([state]);
      expect(stderr.includes('nodes may be held')).toBe(state === 'open');
    },
  );

  it('is one of several has all of them told at once, by every command, and the sound plan printed', async () => {
    await using workspace = await makeHostileWorkspace('framework', 'healthy');
    await workspace.write('configs/more.yaml', ENTRIES.framework('again'));

    const all = ['configs/jobs.yaml', 'configs/more.yaml'];
    const planned = await startHostile(workspace, 'plan:throws', ['plan', ...all, '--json']);
    const validated = await startHostile(workspace, 'plan:throws', ['validate', ...all]);

    expect(planned.exitCode).toBe(4);
    expect(planned.stderr).toMatch(/2 jobs can't be planned\n.*boom.*job planned_[^]*boom.*job again_/);
    const plans = JSON.parse(planned.stdout) as readonly object[];
    expect(plans).toHaveLength(3);
    expect(plans.filter((plan) => 'processes' in plan)).toHaveLength(1);
    expect(validated.exitCode).toBe(3);
    expect(validated.stdout.match(/boom/g)).toHaveLength(2);
  });
});
