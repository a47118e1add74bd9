/** Time limits for calls of plugins, in seconds. They are generous: a shared node is slow, and a plugin that hangs is rare. */
const LIMITS_S = {
  /** Import of a package, or of a codec. */
  import: 60,
  /** A pure call: a plan, a recipe's rules, the settings of a container. */
  pure: 10,
  /** A metric over all the records of a run. */
  compute: 120,
  /** Inspecting a node: preflight, detect. */
  node: 120,
  /** Nodes may take all night; there is no limit by default. */
  acquire: Infinity,
  /** Releasing nodes. */
  dispose: 120,
  /** Starting a process, finding a free port, moving a file. */
  executor: 600,
  /** A program that runs until it ends: downloads and builds take hours. */
  run: Infinity,
  /** A command of a package: it may serve for days. */
  command: Infinity,
  /** A report of a run. */
  report: 600,
  /** Ending a process, including its grace period. */
  stop: 120,
  /** A blocked event loop: after this time the watchdog checks whose code blocks it. */
  blocked: 60,
} as const satisfies Record<string, number>;

export type Limit = keyof typeof LIMITS_S;

/** Sets all limits except that of `acquire`. */
export const LIMIT_VARIABLE = 'SWEEPLINE_PLUGIN_TIMEOUT_S';
/** Sets the limit of `acquire`. */
export const ACQUIRE_VARIABLE = 'SWEEPLINE_ACQUIRE_TIMEOUT_S';

/** Seconds between two lines about what Sweepline waits for. */
const HEARTBEAT_S = 60;

/** Seconds that a call may take: from the environment, else the default. */
export function limitS(limit: Limit): number {
  return secondsOf(variableOf(limit)) ?? LIMITS_S[limit];
}

/** The variable that sets a limit. */
export function variableOf(limit: Limit): string {
  return limit === 'acquire' ? ACQUIRE_VARIABLE : LIMIT_VARIABLE;
}

/** At most the limit of calls, so that users who shortened that one get a message in time. */
export function heartbeatS(): number {
  return Math.min(HEARTBEAT_S, secondsOf(LIMIT_VARIABLE) ?? HEARTBEAT_S);
}

function secondsOf(variable: string): number | undefined {
  const seconds = Number(process.env[variable] ?? Number.NaN);
  return seconds > 0 ? seconds : undefined;
}
