import { onOneLine } from './printable.js';
import { limitOf } from './system-limits.js';

/** What the process exits with. Documented in the README; a code never changes its meaning. */
export const EXIT = {
  ok: 0,
  jobFailed: 1,
  usage: 2,
  config: 3,
  plugin: 4,
  environment: 5,
  resultInvalid: 6,
  red: 7,
  undecided: 8,
  internal: 70,
  interrupted: 130,
} as const;

/** Every error code with the exit code it leads to when it ends the command. */
export const ERROR_CODES = {
  USAGE: EXIT.usage,
  CONFIG_NOT_FOUND: EXIT.config,
  CONFIG_SYNTAX: EXIT.config,
  CONFIG_INVALID: EXIT.config,
  MATRIX_EMPTY: EXIT.config,
  CHANGELOG_EMPTY: EXIT.config,
  CHANGELOG_DELETION: EXIT.config,
  CHANGELOG_INVALID: EXIT.config,
  APPEND_ONLY: EXIT.config,
  GIT_FAILED: EXIT.environment,
  FRAMEWORK_UNKNOWN: EXIT.config,
  SKU_UNKNOWN: EXIT.config,
  LAUNCHER_UNKNOWN: EXIT.config,
  EVAL_UNKNOWN: EXIT.config,
  RECIPES_AMBIGUOUS: EXIT.plugin,
  OPTIONS_INVALID: EXIT.config,
  PLUGIN_NOT_FOUND: EXIT.plugin,
  PLUGIN_BROKEN: EXIT.plugin,
  PLUGIN_INVALID: EXIT.plugin,
  PLUGIN_DUPLICATE: EXIT.plugin,
  PLUGIN_REQUIRES: EXIT.plugin,
  PLUGIN_THREW: EXIT.plugin,
  PLUGIN_TIMEOUT: EXIT.plugin,
  PLAN_INVALID: EXIT.plugin,
  PLAN_UNSUPPORTED: EXIT.plugin,
  JOB_REJECTED: EXIT.jobFailed,
  JOB_FAILED: EXIT.jobFailed,
  ALLOCATION_FAILED: EXIT.jobFailed,
  SCHEDULER_UNREACHABLE: EXIT.jobFailed,
  IMAGE_UNAVAILABLE: EXIT.jobFailed,
  SETUP_FAILED: EXIT.jobFailed,
  MODEL_INCOMPLETE: EXIT.jobFailed,
  SERVER_SPAWN_FAILED: EXIT.jobFailed,
  SERVER_PORT_IN_USE: EXIT.jobFailed,
  SERVER_NOT_READY: EXIT.jobFailed,
  SERVER_DIED: EXIT.jobFailed,
  SERVER_RESET_FAILED: EXIT.jobFailed,
  EVAL_FAILED: EXIT.jobFailed,
  LEASE_LOST: EXIT.jobFailed,
  LOAD_FAILED: EXIT.jobFailed,
  LOAD_IDLE: EXIT.jobFailed,
  LOAD_SPEC_INVALID: EXIT.usage,
  WORKLOAD_INVALID: EXIT.config,
  TOKENIZER_INVALID: EXIT.config,
  CLIENT_UNUSABLE: EXIT.environment,
  ENDPOINT_UNREACHABLE: EXIT.environment,
  NODE_BUSY: EXIT.environment,
  NODE_UNFIT: EXIT.environment,
  NPM_FAILED: EXIT.environment,
  NODE_WRITE_FAILED: EXIT.jobFailed,
  SKU_MISMATCH: EXIT.environment,
  REQUEST_FAILED: EXIT.jobFailed,
  RESULT_INVALID: EXIT.jobFailed,
  RESULT_WRITE_FAILED: EXIT.environment,
  RESULT_READ_FAILED: EXIT.environment,
  RUN_BUSY: EXIT.environment,
  LIMIT_REACHED: EXIT.environment,
  INTERRUPTED: EXIT.interrupted,
  INTERNAL: EXIT.internal,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Parts of a launch, in the order in which it meets them: what failed first is what to look at. */
export const LAYERS = [
  'allocation',
  'image',
  'node',
  'set-up',
  'model',
  'server-start',
  'readiness',
  'load',
  'server-death',
  'results',
] as const;

export type Layer = (typeof LAYERS)[number];

interface Blame {
  readonly layer: Layer;
  /** Machines are to blame, and neither the job nor its server: worth another try. */
  readonly again?: true;
}

/** What is to blame for errors that fail a point. Others are of its plan or of the workspace, and the same on every try. */
const BLAME: Partial<Record<ErrorCode, Blame>> = {
  ALLOCATION_FAILED: { layer: 'allocation' },
  SCHEDULER_UNREACHABLE: { layer: 'allocation', again: true },
  LEASE_LOST: { layer: 'allocation', again: true },
  IMAGE_UNAVAILABLE: { layer: 'image' },
  NODE_BUSY: { layer: 'node' },
  NODE_UNFIT: { layer: 'node' },
  NODE_WRITE_FAILED: { layer: 'node' },
  SKU_MISMATCH: { layer: 'node' },
  CLIENT_UNUSABLE: { layer: 'node' },
  SETUP_FAILED: { layer: 'set-up' },
  MODEL_INCOMPLETE: { layer: 'model' },
  SERVER_SPAWN_FAILED: { layer: 'server-start' },
  SERVER_PORT_IN_USE: { layer: 'server-start', again: true },
  SERVER_NOT_READY: { layer: 'readiness' },
  LOAD_FAILED: { layer: 'load' },
  LOAD_IDLE: { layer: 'load' },
  REQUEST_FAILED: { layer: 'load' },
  SERVER_RESET_FAILED: { layer: 'load' },
  EVAL_FAILED: { layer: 'load' },
  SERVER_DIED: { layer: 'server-death' },
  RESULT_READ_FAILED: { layer: 'results' },
  RESULT_WRITE_FAILED: { layer: 'results' },
};

/** The part of a launch that failed; undefined for errors of the plan or of the workspace. */
export function layerOf({ code }: Pick<SweeplineError, 'code'>): Layer | undefined {
  return BLAME[code]?.layer;
}

/** Whether another try may go better without a change to anything: as the error says, or else as others of its code. */
export function isInfrastructure({ code, again }: Pick<SweeplineError, 'code' | 'again'>): boolean {
  return again ?? BLAME[code]?.again ?? false;
}

/** Where a problem is: a place in a file, a config key, a job, a plugin, a node; as much of it as is known. */
export interface Where {
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  readonly key?: string;
  readonly job?: string;
  readonly plugin?: string;
  /** Name of a node. */
  readonly node?: string;
}

export interface ErrorDetails {
  readonly where?: Where;
  /** What to do about it, as an instruction. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Whether another try may go better, where it isn't as for others of its code. */
  readonly again?: boolean;
  /** When one error stands for many (all problems of a config file), each of them. */
  readonly problems?: readonly SweeplineError[];
}

/** The one error type that reaches users. Anything else that escapes is a defect and reported as INTERNAL. */
export class SweeplineError extends Error {
  readonly where: Where;
  readonly hint: string | undefined;
  readonly again: boolean | undefined;
  readonly problems: readonly SweeplineError[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'SweeplineError';
    this.where = details.where ?? {};
    this.hint = details.hint;
    this.again = details.again;
    this.problems = details.problems ?? [];
  }

  /** One error for all problems: the only one itself, several as the parts of one with the first one's code. */
  static together(problems: readonly SweeplineError[], message: string): SweeplineError | undefined {
    const [first] = problems;
    if (first === undefined || problems.length === 1) return first;
    return new this(first.code, message, { problems });
  }

  get exitCode(): number {
    return ERROR_CODES[this.code];
  }

  /** The same error with more known about where it happened; what was known already is kept. */
  at(where: Where): SweeplineError {
    return placedAt(where, this);
  }
}

/** Outside of the class: one that names itself has another name in a bundle, and so in stacks. */
function placedAt(where: Where, error: SweeplineError): SweeplineError {
  const { code, message, hint, cause, again, problems } = error;
  return new SweeplineError(code, message, {
    where: { ...where, ...error.where },
    ...{ hint, cause, problems },
    ...(again !== undefined && { again }),
  });
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Wraps what is not a SweeplineError yet; what already is one keeps its code. */
export function toSweeplineError(
  thrown: unknown,
  code: ErrorCode,
  details: ErrorDetails = {},
): SweeplineError {
  if (thrown instanceof SweeplineError) return thrown.at(details.where ?? {});
  const limit = limitOf(thrown);
  if (limit !== undefined) {
    const message = `${limit.what} (${messageOf(thrown)})`;
    return new SweeplineError('LIMIT_REACHED', message, { ...details, hint: limit.hint, cause: thrown });
  }
  return new SweeplineError(code, messageOf(thrown), { ...details, cause: thrown });
}

/** `file:line:column`, `key`, `job`, `plugin`, `node`, as far as known; empty when nothing is. */
export function describeWhere(where: Where): string {
  const place = [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');
  return [
    place,
    where.key === undefined ? '' : `key ${where.key}`,
    where.job === undefined ? '' : `job ${where.job}`,
    where.plugin === undefined ? '' : `plugin ${where.plugin}`,
    where.node === undefined ? '' : `node ${where.node}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** A file is named once: in the message, or after it where its line is known, too. */
function withoutSaid(where: Where, message: string): Where {
  const { file, line } = where;
  return file !== undefined && line === undefined && message.includes(file)
    ? { ...where, file: undefined }
    : where;
}

/** `CODE: message (where)` and, on a line of its own, what to do; one block per problem. */
export function formatError(error: SweeplineError): string {
  if (error.problems.length > 0) {
    return [`${error.code}: ${onOneLine(error.message)}`, ...error.problems.map(formatError)].join('\n');
  }
  const message = onOneLine(error.message);
  const where = onOneLine(describeWhere(withoutSaid(error.where, error.message)));
  const head = `${error.code}: ${message}${where === '' ? '' : ` (${where})`}`;
  return error.hint === undefined ? head : `${head}\n  → ${onOneLine(error.hint)}`;
}

/** The stacks of an error, of what caused it and of its problems: where in the code things went wrong. */
export function formatStacks(error: Error): string {
  const problems = error instanceof SweeplineError ? error.problems : [];
  const causes = error.cause instanceof Error ? [error.cause] : [];
  return [
    error.stack ?? error.message,
    ...[...causes, ...problems].map((one) => `caused by ${formatStacks(one)}`),
  ].join('\n');
}
