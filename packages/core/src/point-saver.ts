import { collectLog } from './launch/server-logs.js';
import type { SessionFacts } from './launch/session.js';
import type { Loaded } from './measure/measure-point.js';
import type { PlannedPoint } from './plan/plan.js';
import { resultOf } from './results/result.js';
import type { Result } from './results/schema.js';
import type { Mask } from './secrets.js';
import type { PointDeps, Queue } from './session-queue.js';

export interface Saver {
  save(planned: PlannedPoint, loaded: Loaded): Promise<Result>;
}

/** Saves points with the facts of their session. If several fail with the session, the first one gets the logs. */
export function createSaver(
  factsNow: () => SessionFacts,
  mask: Mask,
  { retries: tried, startedAt: started }: Queue,
  deps: PointDeps,
): Saver {
  const { store, now, version, metrics, onEvent, onError } = deps;
  let saved = 0;
  return {
    async save(planned, loaded) {
      const { name } = planned;
      if ('error' in loaded.outcome) onError?.(loaded.outcome.error);
      const isFirst = (saved += 1) === 1;
      const { logs: written, ...facts } = factsNow();
      const toCollect = isFirst || loaded.client !== undefined ? written : [];
      const logs = mask.data(
        await Promise.all(toCollect.map((log) => collectLog(log, store.folderOf(name)))),
      );
      const own = isFirst ? facts.planned : replanned(planned, facts, deps);
      const retry = tried.get(name);
      const startedAt = started.get(name) ?? now().toISOString();
      const made = resultOf(
        planned,
        // Before anything is cut: a cut secret is no longer found.
        { ...facts, ...loaded, logs, stallLogs: mask.data(loaded.stallLogs), planned: own },
        {
          ...{ version, startedAt, finishedAt: now().toISOString(), metrics },
          retries: retry === undefined ? [] : [retry],
        },
      );
      onEvent({ type: 'phase', name, phase: 'save' });
      // The folder's name is the point's name.
      const result = { ...mask.data(made.result), name };
      const stored = await store.savePoint(result, {
        json: mask.data({ 'plan.json': made.plan, ...(made.raw !== undefined && { 'raw.json': made.raw }) }),
        evalFiles: loaded.evals?.flatMap(({ files }) => files) ?? [],
        serverLogs: logs.flatMap(({ text, problem: _, ...log }) => (text === undefined ? [] : [log])),
        mask,
      });
      return stored.result;
    },
  };
}

/** A later point of a session, with the node facts that it shares. */
function replanned(
  planned: PlannedPoint,
  { node }: Pick<SessionFacts, 'node'>,
  { replan }: PointDeps,
): PlannedPoint {
  return node === undefined ? planned : replan(planned, node.facts);
}
