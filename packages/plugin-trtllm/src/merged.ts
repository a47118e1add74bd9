export type Data = Readonly<Record<string, unknown>>;

/** One map with another one's members over its own, and so on in maps that both have. */
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
