import { z } from 'zod';
import { SweeplineError, formatError, messageOf, toSweeplineError } from '../../errors.js';
import type { Loss, NodeLauncher, NodeLease, NodeRequest } from '../launcher.js';
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
      const own = { onNote: notify, onLeft: notify, ...request };
      const its = { hasGivenUp: false };
      const acquire = async (until: AbortSignal): Promise<NodeLease> => {
        try {
          return await plugin.acquire(deepFreeze(own), until);
        } catch (thrown) {
          its.hasGivenUp = until.aborted || thrown instanceof SweeplineError;
          throw thrown;
        }
      };
      const onLate = (lease: NodeLease): void => void disposeLease(lease, own.onLeft, named, owner);
      try {
        const lease = await within(call, acquire, { signal, notify, onLate });
        return guardLease(call, lease, own.onLeft, named, owner);
      } catch (thrown) {
        // It hangs or is defective: what it got until then, nobody knows.
        if (!its.hasGivenUp) own.onLeft(`nodes may be held: ${textOf(thrown)}`);
        throw thrown;
      }
    },
  });
}

type OnLeft = NonNullable<NodeRequest['onLeft']>;

function guardLease(
  call: PluginCall,
  lease: NodeLease,
  onLeft: OnLeft,
  named: Namer,
  owner: Owner,
): NodeLease {
  const problem = leaseProblem(lease);
  if (problem !== undefined) throw unusable(call, lease, problem);
  return overlay(lease, {
    executors: lease.executors.map((executor) => guardExecutor(executor, named, owner)),
    lost: lease.lost?.then(lossOf, (thrown: unknown) => messageOf(thrown)),
    group:
      lease.group &&
      ((spec, signal) => guardSpawn(() => lease.group!(spec, signal), 'group', signal, named, owner.notify)),
    [Symbol.asyncDispose]: () => disposeLease(lease, onLeft, named, owner),
  });
}

const lossSchema = z.object({ reason: z.string(), again: z.boolean().optional() });

/** Plugins may resolve with anything. */
function lossOf(loss: unknown): string | Loss {
  const { data } = lossSchema.safeParse(loss);
  return data === undefined ? String(loss) : { reason: data.reason, again: data.again ?? true };
}

/** What was measured is not lost because nodes could not be given back; that they were not is said. */
async function disposeLease(
  lease: NodeLease,
  onLeft: OnLeft,
  named: Namer,
  { notify }: Owner,
): Promise<void> {
  const call = named('dispose of the lease', 'dispose');
  try {
    await within(call, () => lease[Symbol.asyncDispose](), { notify });
  } catch (thrown) {
    onLeft(`nodes (${lease.handle}) were perhaps not given back: ${textOf(thrown)}`);
  }
}

function textOf(thrown: unknown): string {
  return formatError(toSweeplineError(thrown, 'PLUGIN_THREW'));
}
