/** Fields of a workload or an arrival pattern, with the config's names. */
export type Written<Name extends string> = { readonly [K in Name]: string } & {
  readonly [field: string]: unknown;
};

/**
 * How a job is loaded, if not with InferenceX's load of random prompts in a closed loop. The job itself limits its concurrency.
 */
export interface JobLoad {
  /** Default: random prompts. */
  readonly workload?: Written<'kind'> & {
    /** SHA-256 of the data set, in hex. */
    readonly sha256?: string;
  };
  /** Default: a closed loop. */
  readonly arrival?: Written<'pattern'> & { readonly rate?: number };
  /** Length of a schedule, seconds. */
  readonly duration?: number;
}

/** The same in a scenario: with several rates, each of which becomes a job. */
export interface ScenarioLoad extends Omit<JobLoad, 'arrival'> {
  readonly arrival?: Written<'pattern'> & { readonly rate?: number | readonly number[] };
}

const USUAL: readonly undefined[] = [undefined];

/** The loads of a scenario, one per rate; undefined is InferenceX's load. */
export function loadsOf(load: ScenarioLoad | undefined): readonly (JobLoad | undefined)[] {
  if (load === undefined) return USUAL;
  const workload = isBare(load.workload, 'kind', 'random') ? undefined : load.workload;
  const arrival = isBare(load.arrival, 'pattern', 'closed-loop') ? undefined : load.arrival;
  const { duration } = load;
  if (workload === undefined && arrival === undefined && duration === undefined) return USUAL;
  return [arrival?.rate].flat().map((rate) => ({
    ...(workload !== undefined && { workload }),
    ...(arrival !== undefined && { arrival: arrivalAt(arrival, rate) }),
    ...(duration !== undefined && { duration }),
  }));
}

/** The concurrency comes from the job. */
function arrivalAt(
  { concurrency: _, rate: _all, ...arrival }: NonNullable<ScenarioLoad['arrival']>,
  rate: number | undefined,
): NonNullable<JobLoad['arrival']> {
  return { ...arrival, pattern: arrival.pattern, ...(rate !== undefined && { rate }) };
}

/** Whether it has only a default name. A limit of concurrency is kept in the job. */
function isBare(given: object | undefined, field: string, name: string): boolean {
  if (given === undefined) return true;
  return Object.entries(given).every(
    ([key, value]) => (key === field && value === name) || key === 'concurrency',
  );
}

/** What identifies a load: a data set counts by its content, not its path. */
export function loadIdentity(load: JobLoad): JobLoad {
  const { workload } = load;
  if (workload?.sha256 === undefined) return load;
  const { path: _, ...rest } = workload;
  return { ...load, workload: rest };
}

/** A load in words: `sharegpt S.json (1f2e3d4c), poisson for 60 s`. The rate is shown separately. */
export function loadText({ workload, arrival, duration }: JobLoad): string {
  const parts = [
    ...(workload === undefined ? [] : [textOf(workload, 'kind')]),
    ...(arrival === undefined ? [] : [textOf(arrival, 'pattern')]),
  ];
  return `${parts.join(', ')}${duration === undefined ? '' : ` for ${duration} s`}`;
}

/** A name and the other fields: data sets by name and content, maps by their content. */
function textOf(given: Readonly<Record<string, unknown>>, name: string): string {
  const { [name]: first, rate: _, sha256, path, ...others } = given;
  return [
    String(first),
    ...(typeof path === 'string' ? [path.replace(/^.*\//, '')] : []),
    ...(typeof sha256 === 'string' ? [`(${sha256.slice(0, 8)})`] : []),
    ...Object.entries(others).map(([field, value]) => `${field} ${valueText(value)}`),
  ].join(' ');
}

function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(String).join('-');
}
