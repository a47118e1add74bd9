/** Seconds that calls of plugins may take. Generous: a node that others use, too, is slow, and a plugin that hangs is rare. */
const LIMITS_S = {
  /** Import of a package, or of a codec. */
  import: 60,
  /** A pure call: a plan, what a recipe's rules come to, the settings of a container. */
  pure: 10,
  /** A metric over all the records of a run. */
  compute: 120,
  /** A look at a node: preflight, detect. */
  node: 120,
  /** Nodes may be waited for all night; for ever is the default. */
  acquire: Infinity,
  /** Giving nodes back. */
  dispose: 120,
  /** Starting a process, asking for a port, moving a file. */
  executor: 600,
  /** A program that is run to its end: downloads and builds take hours. */
  run: Infinity,
  /** A command of a package: it may serve for days. */
  command: Infinity,
  /** A report of a run. */
  report: 600,
  /** Ending a process, its grace included. */
  stop: 120,
  /** The event loop without a turn: only then it is looked whose code keeps it. */
  blocked: 60,
} as const satisfies Record<string, number>;

export type Limit = keyof typeof LIMITS_S;

/** Sets all limits but that of `acquire`. */
export const LIMIT_VARIABLE = 'SWEEPLINE_PLUGIN_TIMEOUT_S';
/** Sets the limit of `acquire`. */
export const ACQUIRE_VARIABLE = 'SWEEPLINE_ACQUIRE_TIMEOUT_S';

/** Seconds between two lines that say what is waited for. */
const HEARTBEAT_S = 60;

/** Seconds that a call may take: the environment's, else the default. */
export function limitS(limit: Limit): number {
  return secondsOf(variableOf(limit)) ?? LIMITS_S[limit];
}

/** The variable that sets a limit. */
export function variableOf(limit: Limit): string {
  return limit === 'acquire' ? ACQUIRE_VARIABLE : LIMIT_VARIABLE;
}

/** Not longer than what calls may take, so that who shortened that reads of it in time. */
export function heartbeatS(): number {
  return Math.min(HEARTBEAT_S, secondsOf(LIMIT_VARIABLE) ?? HEARTBEAT_S);
}

function secondsOf(variable: string): number | undefined {
  const seconds = Number(process.env[variable] ?? Number.NaN);
  return seconds > 0 ? seconds : undefined;
}
