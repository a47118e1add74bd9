const BYTES_PER_GIB = 1024 ** 3;
/** The tools call binary units by the decimal names: an MI300X's 192 GiB are 196592 MB to amd-smi. */
const BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** The JSON of an output, which may have warnings before it. */
export function parseJson(printed: string): unknown {
  const start = printed.search(/^[[{]/m);
  if (start === -1) throw new Error(`expected JSON, not ${JSON.stringify(printed.slice(0, 80))}`);
  return JSON.parse(printed.slice(start));
}

/** The member that a path of keys leads to. */
export function at(node: unknown, path: string): unknown {
  return path.split('.').reduce((inner, key) => membersOf(inner)[key], node);
}

export function membersOf(node: unknown): Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>) : {};
}

/** The first of these paths that leads to a text; `N/A` is none. */
export function textAt(node: unknown, ...paths: readonly string[]): string | undefined {
  const values = paths.map((path) => at(node, path));
  return values.find(
    (value): value is string => typeof value === 'string' && !/^(N\/A)?$/.test(value.trim()),
  );
}

/** The first of these paths that leads to a number: plain, as text, or as the `value` of a `unit`. */
export function numberAt(node: unknown, ...paths: readonly string[]): number | undefined {
  return paths.map((path) => toNumber(at(node, path))).find((value) => value !== undefined);
}

export function gibAt(node: unknown, ...paths: readonly string[]): number | undefined {
  for (const path of paths) {
    const value = numberAt(node, path);
    const unit = BYTES[textAt(node, `${path}.unit`) ?? ''];
    if (value !== undefined && unit !== undefined) return gib(value * unit);
  }
  return undefined;
}

/**
 * The counter of energy, J. Older versions of amd-smi print the number alone; in another unit it is not known what it counts. Source:
 * ROCm/amdsmi, amdsmi_cli/amdsmi_commands.py.
 */
export function joulesAt(node: unknown, path: string): number | undefined {
  const count = at(node, path);
  return typeof count === 'number' || textAt(count, 'unit') === 'J' ? toNumber(count) : undefined;
}

export function gib(bytes: number): number {
  return Math.round((bytes / BYTES_PER_GIB) * 100) / 100;
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
  return typeof value === 'object' && value !== null ? toNumber(at(value, 'value')) : undefined;
}
