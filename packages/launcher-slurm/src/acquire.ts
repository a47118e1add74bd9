import { SweeplineError, type ImageFacts, type NodeLease, type NodeRequest } from '@sweepline/core';
import { createLocalExecutor, runBefore, startGuardian, type Agent } from '@sweepline/core/launch';
import { startAgents } from './agents.js';
import { jobName, submitArgv } from './allocation.js';
import { holdFolders, runAfter, temporaryFolders } from './around.js';
import { createController, type Controller } from './controller.js';
import { callerEnvironment, type CallerEnvironment } from './environment.js';
import { sameFacts } from './image-facts.js';
import { squashFile } from './images.js';
import { lossOf } from './job-state.js';
import { leaseProcesses } from './lease.js';
import { removeLeft } from './leftovers.js';
import { waitInQueue } from './queue.js';
import { release } from './release.js';
import { minutesFor, optionsOf, settingsFor, squashFor } from './request-settings.js';
import type { Settings } from './settings.js';
import { submitOnce, textOf } from './submission.js';
import { createUndo, type Undo } from './undo.js';
import { watchJob, type Watch } from './watch.js';

/** Holds nodes by a batch job, with an agent on each. */
export async function acquire(request: NodeRequest, signal: AbortSignal): Promise<NodeLease> {
  signal.throwIfAborted();
  const { token, localDir, nodes, onHandle, avoid = [] } = request;
  const onNote = sayOnce(request.onNote);
  const own = settingsFor(request);
  const settings = { ...own, 'exclude-nodes': [...new Set([...own['exclude-nodes'], ...avoid])] };
  const env = callerEnvironment(process.env);
  const here = createLocalExecutor({ workDir: localDir, session: token });
  const controller = createController(here, env.withheld);
  const undo = createUndo();
  try {
    const guardian = startGuardian(token, onNote);
    undo.add(() => guardian.close());
    // By its name, which nothing else has: it may be submitted and its number not be known.
    guardian.atDeath(['scancel', '--me', `--name=${jobName(token)}`]);
    undo.add(() => runAfter(settings, here));
    await runBefore(settings.before, here, signal);
    const wanted = { token, nodes, 'time-limit': minutesFor(request, settings) };
    const job = await submitOnce(controller, request, submitArgv(wanted, settings), signal);
    undo.add(() => release(controller, job));
    onHandle(job);
    const list = await waitInQueue(controller, job, { nodes, onNote }, signal);
    return await makeReady(job, list, { request, settings, env, controller, undo, onNote }, signal);
  } catch (thrown) {
    await undo.run().catch((failure: unknown) => request.onLeft?.(textOf(failure)));
    throw thrown;
  }
}

interface Held {
  readonly request: NodeRequest;
  readonly settings: Settings;
  readonly env: CallerEnvironment;
  readonly controller: Controller;
  readonly undo: Undo;
  readonly onNote: (line: string) => void;
}

/** Agents, folders and images on the nodes of a job. @param list of the nodes, in Slurm's short form */
async function makeReady(job: string, list: string, held: Held, signal: AbortSignal): Promise<NodeLease> {
  const { request, settings, env, controller, undo, onNote } = held;
  const { token, localDir, nodes } = request;
  const watch = watchJob(controller, job, list);
  undo.add(watch.stop);
  try {
    const agents = await startAgents(
      {
        ...{ job, token, localDir, env: env.open },
        count: nodes,
        nodesOf: async () => (await controller.nodesOf(list)).slice(0, nodes),
        nodeFolder: optionsOf(request)['node-folder'],
        onLost: (node, said) => watch.check(lossOf(node, said)),
      },
      signal,
    );
    undo.add(() => Promise.all(agents.map((agent) => agent[Symbol.asyncDispose]())));
    // Of no importance for this session.
    const left = { controller, token, onNote };
    await Promise.allSettled(agents.map((agent) => removeLeft(agent, left, signal)));
    const folders = temporaryFolders(Object.keys(settings['temp-mounts']), job);
    for (const agent of agents) undo.add(await holdFolders(folders, token, agent, signal));
    const imports = { controller, owner: { job, token }, onNote };
    const files = await importImages(request, agents, imports, signal);
    const settingsOf = (image: string | undefined): Settings => {
      const file = image === undefined ? undefined : files.get(image);
      return { ...settingsFor(request, image), ...(file !== undefined && { image: file }) };
    };
    const plan = { job, deviceSettings: request.container, settingsOf };
    const { executors, group, clean } = leaseProcesses(agents, { plan, secret: env.secret, watch });
    undo.add(clean);
    // What is ended in order is not lost.
    undo.add(watch.stop);
    const images = await factsOf(files, agents, signal);
    return { handle: job, executors, images, lost: watch.lost, group, [Symbol.asyncDispose]: undo.run };
  } catch (thrown) {
    throw await causeOf(thrown, watch);
  }
}

/** What is waited for is looked at again and again. */
function sayOnce(say: (line: string) => void = () => {}): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
}

/** The squash files of all images, the same path on every node. */
async function importImages(
  request: NodeRequest,
  agents: readonly Agent[],
  common: Parameters<typeof squashFile>[2],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const image of request.images) {
    const squash = squashFor(request, image);
    if (squash !== undefined) files.set(image, await squashFile(squash, agents, common, signal));
  }
  return files;
}

async function factsOf(
  files: ReadonlyMap<string, string>,
  agents: readonly Agent[],
  signal: AbortSignal,
): Promise<Record<string, ImageFacts>> {
  const facts: Record<string, ImageFacts> = {};
  for (const [image, file] of files) facts[image] = await sameFacts(image, file, agents, signal);
  return facts;
}

/** Nodes that were taken away are the reason for whatever failed on them. */
async function causeOf(thrown: unknown, watch: Watch): Promise<unknown> {
  await watch.check();
  const loss = await Promise.race([watch.lost, Promise.resolve(undefined)]);
  if (loss === undefined) return thrown;
  const { reason, node, again = true } = loss;
  return new SweeplineError('LEASE_LOST', `the nodes were taken away before they were ready: ${reason}`, {
    hint: again
      ? 'Ask the operators of the machines.'
      : 'Give the session more of what was used up: time, or memory.',
    ...(node !== undefined && { where: { node } }),
    cause: thrown,
    again,
  });
}
