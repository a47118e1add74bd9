import { describe, expect, it } from 'vitest';
import { launchCommands, portOf } from '../../src/plan/launch-commands.js';
import type { PlannedPoint } from '../../src/plan/plan.js';
import { guardPlugin } from '../../src/plugin/guard/guard-plugin.js';
import type { Cluster, Launch, LaunchCommand, NodeLauncher, Role } from '../../src/index.js';
import { createLaunchTester, samplePlan, sampleRole } from '../../src/testing/launch-tester.js';
import { makeTestWorkspace } from '../../src/testing/workspace.js';

const CLUSTERS = `
plain: { sku: x1, launcher: echo }
digits: { sku: x1, launcher: echo, port: node-last-digit }
`;
const JOB = { model: 'm', framework: 'acme', tp: 2 };

/** A launcher whose only command prints its input. */
function echo(changes: Partial<NodeLauncher> = {}): NodeLauncher {
  return {
    kind: 'launcher',
    name: 'echo',
    apiVersion: 2,
    acquire: () => Promise.reject(new Error('none')),
    commands: (launch) => [{ argv: ['echo', JSON.stringify(launch)], env: {} }],
    ...changes,
  };
}

async function commands(
  given: { readonly node?: string; readonly roles?: readonly Role[]; readonly strict?: boolean },
  launcher = echo(),
): Promise<readonly LaunchCommand[]> {
  await using workspace = await makeTestWorkspace({ files: { 'configs/clusters.yaml': CLUSTERS } });
  const tester = await createLaunchTester([launcher], workspace.root);
  const { node = 'plain_0', roles = [sampleRole('repo/name:1')], ...rest } = given;
  return tester.commands({ job: JOB, node, plan: samplePlan(roles), ...rest });
}

/** The input of a launcher. */
async function given(...args: Parameters<typeof commands>): Promise<Launch> {
  const [command] = await commands(...args);
  return JSON.parse(command?.argv[1] ?? '') as Launch;
}

describe('a cluster’s launcher', () => {
  it('makes commands from the plan, the node and what the cluster says', async () => {
    expect(await given({ node: 'digits_3', strict: true })).toMatchObject({
      job: JOB,
      ...{ node: 'digits_3', user: 'runner0', workspace: '/work/ws', port: 8891, strict: true },
      ...{ image: 'repo/name:1', nodes: 1, devices: 2, prepare: [], options: {} },
      deviceSettings: { docker: [], pyxis: [], env: {} },
      processes: [{ role: 'server', node: 0, nodes: 1, ranksPerNode: 1, argv: ['serve', '--model', 'm'] }],
    });
  });

  it('knows which processes span nodes', async () => {
    const place = { nodes: 1, ranksPerNode: 4, devicesPerRank: 2, wireUp: 'none' } as const;
    const roles = [
      sampleRole('i:1', { name: 'prefill', place }),
      sampleRole('i:1', { place: { ...place, nodes: 2, wireUp: 'pmix' } }),
    ];
    expect(await given({ roles })).toMatchObject({
      ...{ nodes: 3, devices: 8 },
      processes: [
        { role: 'prefill', node: 0, nodes: 1, ranksPerNode: 1 },
        { role: 'server', node: 1, nodes: 2, ranksPerNode: 4 },
      ],
    });
  });

  it('has no image for processes that run on the host', async () => {
    expect(await given({ roles: [sampleRole('', { runtime: { kind: 'host' } })] })).not.toHaveProperty(
      'image',
    );
  });

  it('may have no commands to print', async () => {
    const silent = Object.fromEntries(
      Object.entries(echo()).filter(([key]) => key !== 'commands'),
    ) as unknown as NodeLauncher;
    await expect(commands({}, silent)).rejects.toMatchObject({
      code: 'PLAN_UNSUPPORTED',
      message: "launcher echo can't print commands for plain_0",
    });
  });

  it('is refused what is no command', () => {
    const notify = (): void => {};
    const guarded = guardPlugin(echo({ commands: () => [{ argv: 'ls' } as never] }), {
      package: 'acme',
      notify,
    }) as NodeLauncher;
    expect(() => guarded.commands?.({} as Launch)).toThrow(
      /launcher echo: commands gave an array, which can't be used: 0\.argv: .*0\.env: /,
    );
  });

  it('gets what it can’t change', () => {
    const breaking = echo({
      commands(launch) {
        (launch.job as { model: string }).model = 'other';
        return [];
      },
    });
    const guarded = guardPlugin(breaking, { package: 'acme', notify: () => {} }) as NodeLauncher;
    expect(() => guarded.commands?.({ job: { model: 'm' } } as Launch)).toThrow(/read only property 'model'/);
  });
});

describe('without a launcher’s part', () => {
  const node = 'plain_0';
  const planned = (plan: unknown) => ({ state: 'planned', plan, runner: {} }) as unknown as PlannedPoint;

  it('commands are the plan’s own for programs that get nodes by themselves', () => {
    const submit = { argv: ['srtctl', 'apply'], env: { ISL: '1' }, cwd: 'there' };
    const setup = [{ argv: ['git', 'clone'], env: {} }];
    const printed = { prepare: setup, processes: [{ role: 'submit', node: 0, files: {}, ...submit }] };

    expect(launchCommands(planned({ kind: 'delegate' }), printed as never, node)).toEqual([...setup, submit]);
  });

  it('there are none for jobs that are rejected', () => {
    const rejected = { state: 'rejected' } as unknown as PlannedPoint;
    expect(launchCommands(rejected, { job: {} as never, rejected: { reason: 'no' } }, node)).toEqual([]);
  });

  it('a node outside of all clusters is refused', () => {
    const printed = { prepare: [], processes: [] };
    expect(() => launchCommands(planned({ kind: 'serve' }), printed as never, 'far_0')).toThrow(
      'configs/clusters.yaml has no cluster for far_0',
    );
  });
});

describe('the port of servers', () => {
  it('follows from the user, from the node, or from nothing', () => {
    const at = (port: Cluster['port'], node: string, user: string) =>
      portOf({ port } as Cluster, { node, user });

    expect(at('user-last-digit', 'h200-cw_1', 'runner3')).toBe(8891);
    expect(at('user-last-digit', 'h200-cw_1', 'runnerx')).toBe(8888);
    expect(at('user-last-digit', 'h200-cw_1', '{user}')).toBe(8888);
    expect(at('node-last-digit', 'mi355x-amds_7', 'runner3')).toBe(8895);
    expect(at('fixed', 'h200-nv_1', 'runner3')).toBe(8888);
  });
});
