import { join } from 'node:path';
import type { Executor, Exit, GroupSpec, ProcessHandle } from '../../plugin/node.js';

/** Milliseconds that the other ranks have to end after one has failed. */
const GRACE_MS = 2_000;

/** Starts the ranks of a group as mpirun and srun do: each gets its number, and one that fails ends the others. */
export async function startGroup(
  executors: readonly Executor[],
  { nodes, ranksPerNode, log, ...spec }: GroupSpec,
  signal: AbortSignal,
): Promise<ProcessHandle> {
  const places = nodes.flatMap((node) => Array.from({ length: ranksPerNode }, () => executors[node]!));
  const ranks = await Promise.all(
    places.map((executor, rank) =>
      executor.spawn(
        {
          ...spec,
          env: {
            ...spec.env,
            PMIX_RANK: String(rank),
            OMPI_COMM_WORLD_RANK: String(rank),
            OMPI_COMM_WORLD_SIZE: String(places.length),
          },
          log: join(executor.workDir, log.replace('{rank}', String(rank))),
        },
        signal,
      ),
    ),
  );
  const stop = async (graceMs: number): Promise<Exit> => {
    const exits = await Promise.all(ranks.map((rank) => rank.stop(graceMs)));
    return exits.find(isFailure) ?? exits[0] ?? { code: 0, signal: undefined };
  };
  const failed = Promise.race(
    ranks.map(async ({ exited }) => {
      const exit = await exited;
      return isFailure(exit) ? exit : new Promise<never>(() => {});
    }),
  );
  const ended = Promise.all(ranks.map(({ exited }) => exited)).then(([first]) => first!);
  const exited = Promise.race([failed.then((exit) => stop(GRACE_MS).then(() => exit)), ended]);
  return {
    name: spec.argv[0] ?? 'group',
    exited,
    async *lines() {},
    errorTail: () => '',
    stop,
  };
}

function isFailure({ code }: Exit): boolean {
  return code !== 0;
}
