import { attentionDevices } from '../../matrix/devices.js';
import type { Check, CheckContext } from './check.js';
import { scenariosOf } from './scenarios.js';

/** A single-node job has only the GPUs of one node; experts are spread within tp. */
export const gpusPerNode: Check = {
  name: 'gpus-per-node',
  run({ entry }, context) {
    if (entry.multinode) return [];
    const gpus = gpusOf(entry.runner, context);
    if (gpus === undefined) return [];
    return scenariosOf(entry)
      .flat()
      .flatMap(({ space, path }) => {
        if (!('tp' in space)) return [];
        const sizes = ['tp', 'pp', 'pcp-size'] as const;
        const used = attentionDevices(space);
        if (used <= gpus) return [];
        const given = sizes
          .filter((size) => space[size] !== undefined)
          .map((size) => `${size} ${space[size] ?? 1}`);
        const message = `${given.join(' × ')} needs ${used} GPUs; a node of ${entry.runner} has ${gpus}`;
        return [{ path: [...path, 'tp'], message }];
      });
  },
};

function gpusOf(label: string, { runners, devicesOf }: CheckContext): number | undefined {
  const hardware = runners?.hardware ?? {};
  const own = Object.hasOwn(hardware, label) ? hardware[label] : undefined;
  return own?.['gpus-per-node'] ?? devicesOf(label);
}
