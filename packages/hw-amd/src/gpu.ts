/** What the tools say of one GPU; what they have no value for is undefined. */
export interface Gpu {
  readonly index: number;
  readonly name?: string | undefined;
  readonly driver?: string | undefined;
  readonly vbios?: string | undefined;
  readonly memoryGiB?: number | undefined;
  readonly memoryUsedGiB?: number | undefined;
  /** Share of the time that it was busy, from 0 to 1. */
  readonly utilization?: number | undefined;
  readonly powerCapW?: number | undefined;
  readonly powerW?: number | undefined;
  /** What the driver has counted since it was loaded. */
  readonly energyJ?: number | undefined;
  readonly temperatureC?: number | undefined;
  readonly clockMHz?: number | undefined;
  readonly clockMaxMHz?: number | undefined;
}

/** Without the entries that have no value. */
export function known<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

export function lowest(values: readonly (number | undefined)[]): number | undefined {
  const numbers = values.filter((value) => value !== undefined);
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}

export function highest(values: readonly (number | undefined)[]): number | undefined {
  const numbers = values.filter((value) => value !== undefined);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}
