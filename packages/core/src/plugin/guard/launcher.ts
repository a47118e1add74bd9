import type { z } from 'zod';
import { formatError, messageOf, toSweeplineError } from '../../errors.js';
import type { NodeLauncher, NodeLease } from '../launcher.js';
import type { PluginCall } from '../../watch/call.js';
import { guardExecutor, guardSpawn, type Namer } from './executor.js';
import { overlay } from './overlay.js';
import { callOf, pure, type Owner } from './owner.js';
import { deepFreeze } from './read-only.js';
import {
  checked,
  commandsSchema,
  diagnosesSchema,
  leaseProblem,
  reasonSchema,
  textsSchema,
  unusable,
} from './returned.js';
import type { Limit } from '../../watch/limits.js';
import { within } from '../../watch/within.js';

/** Nodes may be waited for long: meanwhile it is said what is waited for. */
export function guardLauncher(plugin: NodeLauncher, owner: Owner): NodeLauncher {
  const { notify } = owner;
  const named: Namer = (call, limit) => callOf(plugin, owner, call, limit);
  const give = (lease: NodeLease): void => void disposeLease(lease, named, owner);
  const asked = <S extends object, R>(
    name: string,
    limit: Limit,
    schema: z.ZodType<R>,
    ask: ((subject: S, signal: AbortSignal) => Promise<R>) | undefined,
  ): typeof ask =>
    ask &&
    ((subject, signal) => {
      const call = named(name, limit);
      const answer = async (own: AbortSignal): Promise<R> =>
        checked(call, schema, await ask(deepFreeze({ ...subject }), own));
      return within(call, answer, { signal, notify });
    });
  return overlay(plugin, {
    commands: pure(plugin, owner, 'commands', { schema: commandsSchema }),
    refuses: pure(plugin, owner, 'refuses', { schema: reasonSchema }),
    diagnose: asked('diagnose', 'node', diagnosesSchema, plugin.diagnose?.bind(plugin)),
    endLeft: asked('endLeft', 'dispose', textsSchema, plugin.endLeft?.bind(plugin)),
    async acquire(request, signal) {
      const call = named('acquire', 'acquire');
      const lease = await within(
        call,
        (own) => plugin.acquire(deepFreeze({ onNote: notify, ...request }), own),
        {
          signal,
          notify,
          onLate: give,
        },
      );
      return guardLease(call, lease, named, owner);
    },
  });
}

function guardLease(call: PluginCall, lease: NodeLease, named: Namer, owner: Owner): NodeLease {
  const problem = leaseProblem(lease);
  if (problem !== undefined) throw unusable(call, lease, problem);
  return overlay(lease, {
    executors: lease.executors.map((executor) => guardExecutor(executor, named, owner)),
    lost: lease.lost?.then(String, (thrown: unknown) => messageOf(thrown)),
    group:
      lease.group &&
      ((spec, signal) => guardSpawn(() => lease.group!(spec, signal), 'group', signal, named, owner.notify)),
    [Symbol.asyncDispose]: () => disposeLease(lease, named, owner),
  });
}

/** What was measured is not lost because nodes could not be given back; that they were not is said. */
async function disposeLease(lease: NodeLease, named: Namer, { notify }: Owner): Promise<void> {
  const call = named('dispose of the lease', 'dispose');
  try {
    await within(call, () => lease[Symbol.asyncDispose](), { notify });
  } catch (thrown) {
    notify(`nodes were perhaps not given back: ${formatError(toSweeplineError(thrown, 'PLUGIN_THREW'))}`);
  }
}
