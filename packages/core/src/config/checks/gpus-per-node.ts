import { attentionDevices } from '../../matrix/devices.js';
import type { Check, CheckContext } from './check.js';
import { scenariosOf } from './scenarios.js';

/**
 * GPUs per node of the SKUs that InferenceX's labels begin with, by NVIDIA's and AMD's product pages: Grace Blackwell
 * nodes have 4, HGX and Instinct platforms 8. For labels of which nothing nearer is known.
 */
const USUAL: Readonly<Record<string, number>> = {
  gb200: 4,
  gb300: 4,
  h100: 8,
  h200: 8,
  b200: 8,
  b300: 8,
  mi300x: 8,
  mi325x: 8,
  mi355x: 8,
};

/** A single-node job has the GPUs of one node; experts are spread within tp. */
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
  const known = of(runners?.hardware, label)?.['gpus-per-node'] ?? devicesOf(label);
  return known ?? of(USUAL, label.replace(/^cluster:/, '').replace(/-.*$/, ''));
}

function of<T>(table: Readonly<Record<string, T>> = {}, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
