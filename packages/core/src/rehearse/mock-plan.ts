import { fileURLToPath } from 'node:url';
import type { PlannedPoint } from '../plan/plan.js';
import type { Readiness, Role, ServePlan, Text } from '../plugin/launch-plan.js';
import type { HardwarePlugin } from '../plugin/hardware.js';
import type { NodeLauncher } from '../plugin/launcher.js';
import type { ProcessSpec } from '../plugin/node.js';

const ENGINE = fileURLToPath(new URL('../testing/mock-engine-main.js', import.meta.url));

/** Requests of a rehearsal: a few show that a server answers. */
const [REQUESTS, WARMUPS] = [3, 1];

/** How stand-ins behave, where a fault is rehearsed. */
export interface Behaviour {
  /** Arguments of the stand-ins of all roles with a port. */
  readonly engineArgs?: readonly string[];
  /** The same for commands of the set-up. */
  readonly setUpArgs?: readonly string[];
  /** Name of the model that is served in place of the plan's. */
  readonly model?: string;
  /** Most seconds until it counts as never ready. */
  readonly readyWithinS?: number;
}

/** Where it is rehearsed. */
export interface Stage {
  readonly launcher: NodeLauncher;
  /** What the hardware plugin is asked of nodes that have no such hardware; default: nothing. */
  readonly hardware?: Pick<HardwarePlugin, 'preflight'>;
}

/**
 * The point as it is rehearsed: its own plan with its roles, places, ports, order, files, environments and readiness, where stand-ins run in
 * the place of engines and set-up, on nodes without the hardware. Points without a server stay as they are.
 */
export function rehearsed(planned: PlannedPoint, stage: Stage, behaviour: Behaviour = {}): PlannedPoint {
  if (planned.state !== 'planned' || planned.plan.kind !== 'serve') return planned;
  const { runner } = planned;
  const { plugin, ...hardware } = runner.hardware;
  const { cluster: _, ...rest } = runner;
  return {
    ...planned,
    plan: mockPlan(planned.plan, behaviour),
    runner: {
      ...rest,
      hardware: { ...hardware, plugin: Object.assign(withoutQuestions(plugin), stage.hardware) },
      detect: false,
      launcherName: stage.launcher.name,
      launcher: () => ({ plugin: stage.launcher, package: '@sweepline/core', version: '' }),
    },
  };
}

/** The plugin, which asks nothing of nodes. */
function withoutQuestions(plugin: HardwarePlugin): HardwarePlugin {
  const none = { preflight: undefined, detect: undefined, telemetry: undefined };
  return Object.assign(Object.create(plugin) as HardwarePlugin, none);
}

function mockPlan(plan: ServePlan, behaviour: Behaviour): ServePlan {
  const { reset: _, ...rest } = plan;
  const most = behaviour.readyWithinS ?? Infinity;
  return {
    ...rest,
    roles: plan.roles.map((role) => mockRole(role, plan, behaviour)),
    ready: plan.ready.map(({ when, timeoutS, ...ready }) => ({
      ...ready,
      when: 'exec' in when ? { exec: [process.execPath, ENGINE, '--once'] } : when,
      timeoutS: Math.min(timeoutS, most),
    })),
    client: { ...plan.client, numPrompts: REQUESTS, numWarmups: WARMUPS },
  };
}

function mockRole(role: Role, { ready, client }: ServePlan, behaviour: Behaviour): Role {
  const own = ready.filter((one) => one.role === role.name);
  const isAddressed = role.ports.length > 0;
  const { engineArgs = [], setUpArgs = [], model = client.model } = behaviour;
  return {
    ...role,
    runtime: { kind: 'host' },
    env: Object.fromEntries(Object.entries(role.env).filter(([name]) => !isOfNode(name))),
    argv: [
      ...[process.execPath, ENGINE, '--model', model],
      ...(isAddressed ? ['--host', ref({ ref: 'host', role: role.name })] : []),
      ...['--rank', ref({ ref: 'rank' })],
      ...role.ports.flatMap(({ name }) => ['--port', ref({ ref: 'port', role: role.name, name })]),
      ...own.flatMap(answersOf),
      ...(isAddressed ? engineArgs : []),
      ...['--', ...role.argv],
    ],
    ...(role.setup && { setup: role.setup.map((spec) => mockSetUp(spec, setUpArgs)) }),
    // A port of this machine may be taken, and its nodes share it.
    ports: role.ports.map(({ name }) => ({ name })),
  };
}

function ref(reference: Exclude<Exclude<Text, string>[number], string>): Text {
  return [reference];
}

/** What its readiness is seen by. */
function answersOf({ when }: Readiness): readonly string[] {
  if ('log' in when) return ['--say', when.log];
  return 'http' in when ? ['--answer', `${when.http}=${when.expect ?? 'ok'}`] : [];
}

function mockSetUp({ argv, env }: ProcessSpec, args: readonly string[]): ProcessSpec {
  return {
    argv: [process.execPath, ENGINE, ...(args.length > 0 ? args : ['--once']), '--', ...argv],
    ...(env && { env }),
  };
}

/** Variables that would change the stand-in itself. */
function isOfNode(name: string): boolean {
  return /^(?:NODE_|LD_|PMIX_RANK$)/.test(name);
}
