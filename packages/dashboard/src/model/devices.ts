/**
 * All devices that a point used, by what its row says: prefill and decode where each has its own, else tp × pp × pcp, or ep where that is
 * more. Undefined where the row doesn't say, as for an endpoint.
 * @param valueOf of a column of `points`
 */
export function devicesOf(valueOf: (column: string) => unknown): number | undefined {
  const count = (column: string): number | undefined => {
    const value = valueOf(column);
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const [prefill, decode] = [count('num_prefill_gpu'), count('num_decode_gpu')];
  if (valueOf('disagg') === true)
    return prefill === undefined || decode === undefined ? undefined : prefill + decode;
  const tp = count('tp');
  if (tp === undefined || valueOf('is_multinode') === true) return undefined;
  return Math.max(tp * (count('pp') ?? 1) * (count('pcp_size') ?? 1), count('ep') ?? 1);
}
