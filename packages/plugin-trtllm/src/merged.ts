export type Data = Readonly<Record<string, unknown>>;

/** Merges one map over another; maps that both contain are merged in the same way. */
export function merged(one: Data, other: Data): Data {
  const entries = Object.entries(other).map(([name, value]) => {
    const before = one[name];
    return [name, isData(before) && isData(value) ? merged(before, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(entries) };
}

function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
