import { invalid, note, type Mark } from './mark.js';

/** A transport between processes that a library names in a log. */
interface Named {
  readonly file: string;
  readonly library: string;
  readonly kind: string;
  readonly name: string;
}

/**
 * Whether data between nodes used the transport that the cluster's entry gives.
 * @param isRdma whether the entry requires RDMA; undefined if it doesn't say.
 * @param isSpread whether the server runs on several nodes.
 */
export function transportMarks(
  isRdma: boolean | undefined,
  isSpread: boolean,
  transports: readonly Named[],
): readonly Mark[] {
  if (isRdma !== true) return [];
  const overTcp = transports.filter(({ kind }) => kind === 'tcp');
  if (overTcp.length > 0) {
    const each = overTcp.map(({ file, library, name }) => `${library} used ${name} (${file})`);
    return [invalid('tcp-for-rdma', `the cluster's entry means RDMA between nodes, and ${each.join(', ')}`)];
  }
  const isKnown = transports.some(({ kind }) => kind !== 'unknown');
  if (isKnown || !isSpread) return [];
  return [note('transport-unknown', 'no log says which transport was used between nodes')];
}
