import type { UsedDevice } from '../metrics/energy/readings.js';

/** A device that is not read for so long has stopped answering, ms: a load doesn't wait for it. */
const PATIENCE_MS = 5_000;

/** Knows which devices have been read since it was asked. */
export interface Freshness {
  seen(node: string, device: number): void;
  /** Nothing more comes from a node. */
  ended(node: string): void;
  /** Resolves once each of these devices has been read anew, or it is clear that it won't be. */
  next(devices: readonly UsedDevice[]): Promise<void>;
}

export function createFreshness(patienceMs = PATIENCE_MS): Freshness {
  const silent = new Set<string>();
  let waiting: { left: Set<string>; done: () => void } | undefined;
  const drop = (isRead: (key: string) => boolean): void => {
    if (waiting === undefined) return;
    waiting.left = new Set([...waiting.left].filter((key) => !isRead(key)));
    if (waiting.left.size === 0) waiting.done();
  };
  return {
    seen: (node, device) => drop((key) => key === keyOf({ node, device })),
    ended(node) {
      silent.add(node);
      drop((key) => nodeOf(key) === node);
    },
    async next(devices) {
      const left = new Set(devices.filter(({ node }) => !silent.has(node)).map(keyOf));
      if (left.size === 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((done) => {
        timer = setTimeout(done, patienceMs);
        waiting = { left, done };
      });
      clearTimeout(timer);
      waiting = undefined;
    },
  };
}

function keyOf({ node, device }: Pick<UsedDevice, 'node' | 'device'>): string {
  return `${device} ${node}`;
}

function nodeOf(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}
