import { SweeplineError } from '../errors.js';
import { containerSettingsOf } from '../plan/container-settings.js';
import { imagesOf } from '../plan/launcher-refusal.js';
import { layOut, needsOf, nodesOf } from '../plan/layout.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { ServePlan } from '../plugin/launch-plan.js';
import type { Loss, NodeLease, NodeRequest } from '../plugin/launcher.js';
import type { Executor, NodeFacts } from '../plugin/node.js';
import type { Mask } from '../secrets.js';
import { acquire } from './acquire.js';
import { checkNodes, whoCameMeanwhile } from './fitness/check-nodes.js';
import type { ServerLog } from './server-logs.js';
import { startServer, type RunningServer } from './server.js';
import { checkSku, type SkuFinding } from './sku-check.js';

export interface SessionDeps extends Pick<
  NodeRequest,
  'token' | 'name' | 'localDir' | 'onHandle' | 'onLeft' | 'avoid'
> {
  /** The point planned again with what is known of the node that is held. */
  readonly replan: (planned: PlannedPoint, facts: NodeFacts) => PlannedPoint;
  /** Called with the endpoint's node and all nodes before anything is started on them. */
  readonly prepare?: (serving: Executor, lease: NodeLease, signal: AbortSignal) => Promise<void>;
  /** Nodes besides those of the server: 1 for a client with a node of its own. */
  readonly otherNodes?: number;
  /** Milliseconds for which it waits for nodes. Default: without an end. */
  readonly patienceMs?: number;
  /** Takes secrets out of what the server printed. */
  readonly mask: Mask;
  readonly onPhase: (phase: 'acquire' | 'start') => void;
}

/** What is known of a session so far. It grows while the session is begun, and stays when that fails. */
export interface SessionFacts {
  /** What the session is known by; missing where none was opened. */
  readonly token?: string;
  /** What is launched: the plan, with the node's facts once a node is held. */
  readonly planned: PlannedPoint;
  /** The node of the endpoint, once one is held. */
  readonly node?: { readonly name: string; readonly facts: NodeFacts };
  /** The images that are run, as the nodes have them. */
  readonly images?: NodeLease['images'];
  /** What is not sure about the nodes' devices. */
  readonly findings: readonly SkuFinding[];
  /** Of all processes that were started, in the order of the plan's roles. */
  readonly logs: readonly ServerLog[];
}

/** A server and the nodes that it is on, for one point or for several with equal plans. */
export interface Session extends AsyncDisposable {
  readonly facts: SessionFacts;
  /**
   * Gets nodes, looks at them, plans anew with what they are, and starts the server.
   * @throws {SweeplineError} what went wrong; `facts` and the nodes are there until the session is disposed of.
   */
  begin(signal: AbortSignal): Promise<Begun>;
  /** Ends the server's processes; the nodes, and the files on them, stay. */
  readonly stopServer: () => Promise<void>;
  /** For after that: `facts` then have who came to the nodes' devices meanwhile. Never rejects. */
  readonly lookAgain: (signal: AbortSignal) => Promise<void>;
}

/** What a session has once its server is ready. */
export interface Begun {
  readonly plan: ServePlan;
  readonly server: RunningServer;
  readonly lease: NodeLease;
  /** Aborts with LEASE_LOST when the nodes are taken away, which is why whatever fails from then on has failed. */
  readonly lost: AbortSignal;
}

/** Nothing is asked for before `begin`. */
export function createSession(first: PlannedPoint, deps: SessionDeps): Session {
  let known: SessionFacts = { token: deps.token, planned: first, findings: [], logs: [] };
  let lease: NodeLease | undefined;
  let server: RunningServer | undefined;
  let serving: readonly Executor[] = [];
  const learn = (more: Partial<SessionFacts>): void => void (known = { ...known, ...more });
  const stopServer = async (): Promise<void> => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  const lookAgain = async (signal: AbortSignal): Promise<void> => {
    const shared = (await whoCameMeanwhile(first, serving, signal)).map(
      (message) => ({ kind: 'node-shared', message }) as const,
    );
    learn({ findings: [...known.findings, ...shared] });
  };
  return {
    get facts() {
      return known;
    },
    async begin(signal) {
      const wanted = servePlanOf(first);
      const { runner } = first;
      deps.onPhase('acquire');
      lease = await acquire(
        runner.launcher().plugin,
        requestFor(first, wanted, deps),
        deps.patienceMs,
        signal,
      );
      const lost = lossOf(lease);
      learn({ images: lease.images });
      serving = lease.executors.slice(0, nodesOf(wanted.roles, runner.sku.devicesPerNode));
      learn({ findings: await checkSku(runner, wanted, serving, signal) });
      const node = endpointNode(wanted, first, lease);
      const facts = (await checkNodes(first, wanted, serving, signal)).get(node) ?? {};
      learn({ node: { name: node.node.name, facts }, planned: deps.replan(first, facts) });
      const plan = servePlanOf(known.planned);
      deps.onPhase('start');
      await deps.prepare?.(node, lease, signal);
      const onStarted = (logs: readonly ServerLog[]): void =>
        learn({ logs: inOrderOf(plan, [...known.logs, ...logs]) });
      const whileHeld = AbortSignal.any([signal, lost]);
      const starting = startServer(plan, { lease, runner, signal: whileHeld, mask: deps.mask, onStarted });
      server = await starting.catch((thrown: unknown) => {
        throw lost.aborted ? lost.reason : thrown;
      });
      return { plan, server, lease, lost };
    },
    stopServer,
    lookAgain,
    async [Symbol.asyncDispose]() {
      await stopServer();
      await lease?.[Symbol.asyncDispose]();
      lease = undefined;
    },
  };
}

/** @throws {SweeplineError} why there is no server to start for a point. */
export function servePlanOf(planned: PlannedPoint): ServePlan {
  if (planned.state === 'failed') throw planned.error;
  if (planned.state === 'rejected') {
    const { reason, nearest } = planned.rejection;
    const hint =
      nearest === undefined ? {} : { hint: `The nearest choice that runs: ${JSON.stringify(nearest)}.` };
    throw new SweeplineError('JOB_REJECTED', reason, hint);
  }
  if (planned.plan.kind === 'serve') return planned.plan;
  throw new SweeplineError(
    'PLAN_UNSUPPORTED',
    'the plan hands the whole job to another program, which no launcher here can start',
  );
}

function requestFor({ runner, point }: PlannedPoint, { roles }: ServePlan, deps: SessionDeps): NodeRequest {
  const { label, sku, cluster, timeLimitS } = runner;
  const { nodes, devices } = needsOf(roles, sku.devicesPerNode);
  const { token, name, localDir, onHandle, onLeft, avoid = [], otherNodes = 0 } = deps;
  const { model, framework } = point.job;
  return {
    ...{ token, name, localDir, onHandle },
    job: { model, framework },
    runner: label,
    sku,
    nodes: nodes + otherNodes,
    devicesPerNode: devices,
    ...(cluster !== undefined && { cluster }),
    container: containerSettingsOf(runner),
    images: imagesOf(roles),
    ...(timeLimitS !== undefined && { timeLimitS }),
    ...(onLeft !== undefined && { onLeft }),
    ...(avoid.length > 0 && { avoid }),
  };
}

function lossOf({ lost, handle }: NodeLease): AbortSignal {
  const loss = new AbortController();
  void lost?.then((why) => {
    const { reason, node, again = true }: Loss = typeof why === 'string' ? { reason: why } : why;
    loss.abort(
      new SweeplineError('LEASE_LOST', `the nodes (${handle}) were taken away: ${reason}`, {
        hint: again
          ? 'Ask the operators of the machines.'
          : 'Give the session more of what was used up: time, or memory.',
        ...(node !== undefined && { where: { node } }),
        again,
      }),
    );
  });
  return loss.signal;
}

/** The node that the API will be on; the first where the launcher gave too few, which is found out later. */
function endpointNode(
  { roles, endpoint: { role, index = 0 } }: ServePlan,
  { runner }: PlannedPoint,
  { executors }: NodeLease,
): Executor {
  const placed = layOut(roles, runner.sku.devicesPerNode);
  const at = placed.find((one) => one.role.name === role && one.replica === index)?.node ?? 0;
  const executor = executors[at] ?? executors[0];
  if (executor !== undefined) return executor;
  throw new SweeplineError('PLAN_UNSUPPORTED', `launcher ${runner.launcherName} gave no node`);
}

function inOrderOf({ roles }: ServePlan, logs: readonly ServerLog[]): readonly ServerLog[] {
  const position = ({ role, replica, rank }: ServerLog): readonly number[] => [
    roles.findIndex(({ name }) => name === role),
    replica,
    rank,
  ];
  return [...logs].sort((a, b) => {
    const [left, right] = [position(a), position(b)];
    return (
      left.map((value, index) => value - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0
    );
  });
}
