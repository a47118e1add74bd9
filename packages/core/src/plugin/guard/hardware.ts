import type { HardwarePlugin } from '../hardware.js';
import { overlay } from './overlay.js';
import { callOf, pure, type Owner } from './owner.js';
import { frozenCopy } from './read-only.js';
import { checked, containerSchema, environmentSchema, factsSchema, skusSchema } from './returned.js';
import { within } from '../../watch/within.js';

/** What looks at nodes has a deadline. */
export function guardHardware(plugin: HardwarePlugin, owner: Owner): HardwarePlugin {
  const { notify } = owner;
  const [detect, preflight] = [
    callOf(plugin, owner, 'detect', 'node'),
    callOf(plugin, owner, 'preflight', 'node'),
  ];
  return overlay(plugin, {
    skus: frozenCopy(plugin.skus),
    container: pure(plugin, owner, 'container', { schema: containerSchema }),
    visibleDevices: pure(plugin, owner, 'visibleDevices', { schema: environmentSchema }),
    detect:
      plugin.detect &&
      ((executor, signal) => {
        const look = (own: AbortSignal) => plugin.detect!(executor, own);
        return within(detect, async (own) => checked(detect, skusSchema, await look(own)), {
          signal,
          notify,
        });
      }),
    preflight:
      plugin.preflight &&
      ((executor, signal) => {
        const look = (own: AbortSignal) => plugin.preflight!(executor, own);
        return within(preflight, async (own) => checked(preflight, factsSchema, await look(own)), {
          signal,
          notify,
        });
      }),
  });
}
