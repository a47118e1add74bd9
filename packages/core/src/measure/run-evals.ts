import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError, toSweeplineError } from '../errors.js';
import { copyHome, copyThere, putText } from '../launch/files.js';
import { askEngine } from '../launch/engine-answers.js';
import { CLIENT_ONLY } from '../launch/process-starter.js';
import type { Begun } from '../launch/session.js';
import type { PlannedEval } from '../plan/evals.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { EvalAnswer, EvalPlan, EvalScores, EvalText } from '../plugin/eval.js';
import type { Executor, ProcessSpec } from '../plugin/node.js';
import type { Mask } from '../secrets.js';
import { pathsToAsk } from './engine-claims.js';
import type { Loaded, Serving } from './measure-point.js';

/** What came of a task. */
export interface AskedEval {
  readonly planned: PlannedEval;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  /** Files that came home, relative to the point's folder. */
  readonly files: readonly string[];
  readonly outcome: { readonly scores: EvalScores } | { readonly error: SweeplineError };
}

/** Folder of a point's evals in its own. */
const FOLDER = 'evals';
const LOG = 'eval.log';
/** Whether each question was answered right, in one form for all plugins. */
const ANSWERS = 'answers.json';
const NODE_GRACE_MS = 10_000;
/** Bytes of a file that is searched for scores. */
const LARGEST_BYTES = 64 * 1024 * 1024;
/** Characters of a log's end that are said. */
const TAIL_CHARS = 2_000;

export interface EvalDeps {
  /** Takes secrets out of what programs printed. */
  readonly mask: Mask;
  readonly now: () => Date;
}

/** A point whose server is only asked. */
export async function askOnly(
  { framework }: PlannedPoint,
  { begun: { server }, client: { place, executor, path } }: Serving,
  signal: AbortSignal,
): Promise<Loaded> {
  const { endpoint, baseUrl } = server;
  const paths = pathsToAsk(framework.plugin);
  const answers = await askEngine(endpoint.executor, baseUrl, paths, 'before-load', signal);
  const client = { place, node: executor.node.name, path };
  return { outcome: { asked: true }, stallLogs: [], answers, client };
}

/**
 * Asks a session's server all tasks of a point, one after another. What goes wrong with one is its outcome.
 * @param home the point's folder on this machine
 * @throws {SweeplineError} INTERRUPTED when the sweep is stopped
 */
export async function runEvals(
  { name, evals = [] }: PlannedPoint,
  serving: Serving,
  home: string,
  deps: EvalDeps,
  signal: AbortSignal,
): Promise<readonly AskedEval[]> {
  const asked: AskedEval[] = [];
  for (const planned of evals) {
    const started = deps.now();
    const place = placeOf(planned, name, serving, home);
    const to = join(home, FOLDER, planned.task);
    const outcome = await scoresOf(planned, place, serving, to, deps, signal);
    if (signal.aborted)
      throw new SweeplineError('INTERRUPTED', 'the sweep was stopped', { where: { job: name } });
    asked.push({
      planned,
      startedAt: started.toISOString(),
      seconds: (deps.now().getTime() - started.getTime()) / 1000,
      files: await filesAt(to, planned),
      outcome,
    });
  }
  return asked;
}

/** Where an eval runs. */
interface Place {
  readonly executor: Executor;
  readonly folder: string;
  /** Program before the plan's own arguments. */
  readonly program: readonly string[];
  readonly container?: ProcessSpec['container'];
}

function placeOf({ task, plan }: PlannedEval, name: string, { begun, client }: Serving, home: string): Place {
  if (plan.runtime === 'node') {
    const folder = join(client.folderFor(name, home), FOLDER, task);
    return { executor: client.executor, folder, program: client.command.slice(0, 1) };
  }
  const { executor, role, replica, rank } = begun.server.endpoint;
  return {
    ...{ executor, folder: join(executor.workDir, FOLDER, name, task), program: [] },
    ...(role.runtime.kind === 'container' && { container: { sameAs: `${role.name}-${replica}-${rank}` } }),
  };
}

async function scoresOf(
  { task, plan, plugin }: PlannedEval,
  place: Place,
  serving: Serving,
  to: string,
  { mask }: EvalDeps,
  signal: AbortSignal,
): Promise<AskedEval['outcome']> {
  const fill = fillerFor(serving.begun, place.folder);
  try {
    try {
      await bringFiles(plan, place, fill);
      await run(task, plan, place, fill, serving.begun, { mask, signal });
    } finally {
      await bringHome(plan, place, to);
    }
    const scores = plugin.plugin.scores(await textsAt(plan, to));
    if (scores.answers !== undefined) await writeFile(join(to, ANSWERS), answersText(scores.answers));
    return { scores };
  } catch (thrown) {
    return { error: toSweeplineError(thrown, 'EVAL_FAILED') };
  }
}

/** 1 for what was answered right and 0 for the rest, by question. */
function answersText(answers: readonly EvalAnswer[]): string {
  return `${JSON.stringify(Object.fromEntries(answers.map(({ id, right }) => [id, right ? 1 : 0])))}\n`;
}

type Filler = (text: EvalText) => string;

function fillerFor({ server: { baseUrl } }: Begun, folder: string): Filler {
  return (text) =>
    typeof text === 'string'
      ? text
      : text
          .map((part) => (typeof part === 'string' ? part : { endpoint: baseUrl, folder }[part.ref]))
          .join('');
}

async function bringFiles({ files }: EvalPlan, { executor, folder }: Place, fill: Filler): Promise<void> {
  for (const [path, file] of Object.entries(files)) {
    const there = join(folder, path);
    if ('source' in file) await copyThere(executor, file.source, there);
    else await putText(executor, there, fill(file.text));
  }
}

interface RunDeps {
  readonly mask: Mask;
  readonly signal: AbortSignal;
}

/** Runs the plan's programs to their end. @throws {SweeplineError} SETUP_FAILED, SERVER_DIED, LEASE_LOST or EVAL_FAILED */
async function run(
  task: string,
  { argv, env = {}, setup = [], timeoutS }: EvalPlan,
  { executor, folder, program, container }: Place,
  fill: Filler,
  { server, lost }: Begun,
  { mask, signal }: RunDeps,
): Promise<void> {
  const common = {
    ...{ cwd: folder, withoutEnv: CLIENT_ONLY },
    env: Object.fromEntries(Object.entries(env).map(([key, text]) => [key, fill(text)])),
    ...(container !== undefined && { container }),
  };
  const limit = AbortSignal.timeout(timeoutS * 1000);
  const until = AbortSignal.any([signal, lost, limit]);
  for (const command of setup) {
    const { exit, stderr } = await executor.run({ ...common, argv: command.map(fill) }, until);
    if (exit.code === 0) continue;
    const said = mask.text(stderr).trim().slice(-TAIL_CHARS);
    throw new SweeplineError('SETUP_FAILED', `eval ${task}: ${command.map(fill).join(' ')} failed: ${said}`);
  }
  const log = join(folder, LOG);
  const child = await executor.spawn({ ...common, argv: [...program, ...argv.map(fill)], log }, until);
  try {
    const exit = await Promise.race([
      child.exited,
      server.died.then((error) => Promise.reject(error)),
      ended(until),
    ]);
    // Questions to a dead server fail: that it died is what is to be said.
    await server.checkAlive();
    if (exit?.code === 0) return;
    if (lost.aborted) throw lost.reason;
    const how = limit.aborted
      ? `did not end within ${timeoutS} s`
      : `ended with ${exit?.code ?? exit?.signal ?? 'no exit code'}`;
    const said = mask.text(await tailOf(executor, log));
    throw new SweeplineError('EVAL_FAILED', `eval ${task} ${how}${said === '' ? '' : `: ${said}`}`, {
      hint: `See ${FOLDER}/${task}/${LOG} of the point.`,
    });
  } finally {
    await child.stop(NODE_GRACE_MS);
  }
}

/** Settles when the signal aborts. */
function ended(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function tailOf(executor: Executor, log: string): Promise<string> {
  try {
    const bytes = await executor.read(log, { from: -TAIL_CHARS, length: TAIL_CHARS });
    return Buffer.from(bytes).toString().trim().split('\n').at(-1) ?? '';
  } catch {
    return '';
  }
}

/** Brings what there is of an eval's files to the point's folder. */
async function bringHome({ results }: EvalPlan, { executor, folder }: Place, to: string): Promise<void> {
  if (folder === to) return;
  for (const file of [...results, LOG])
    await copyHome(executor, join(folder, file), join(to, file)).catch(() => {}); // it may not be there
}

async function textsAt({ results }: EvalPlan, folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const file of results) {
    const size = await sizeOf(join(folder, file));
    if (size !== undefined && size <= LARGEST_BYTES)
      texts.set(file, await readFile(join(folder, file), 'utf8'));
  }
  return texts;
}

async function filesAt(folder: string, { task, plan: { results } }: PlannedEval): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of [...results, ANSWERS, LOG])
    if ((await sizeOf(join(folder, file))) !== undefined) found.push(`${FOLDER}/${task}/${file}`);
  return found;
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}
