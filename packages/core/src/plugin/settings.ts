/** What one process of a server wrote to its log. */
export interface ServerLog {
  readonly role: string;
  readonly replica: number;
  /** Number among the processes of its replica. */
  readonly rank: number;
  /** File that it is kept in. */
  readonly file: string;
  readonly text: string;
}

/** What the endpoint answered to a GET once the server was ready, or after the load. */
export interface HttpAnswer {
  readonly path: string;
  readonly when: 'before-load' | 'after-load';
  readonly status: number;
  readonly body: string;
}

/** All that an engine says of itself. */
export interface EngineOutput {
  readonly logs: readonly ServerLog[];
  readonly http: readonly HttpAnswer[];
}

/** A setting that a plan asks for, under the name that `effective` has for it. */
export interface IntendedSetting {
  readonly name: string;
  readonly value: string;
  /** Role whose processes have it, where the roles of a plan have different ones. */
  readonly role?: string;
  /** A difference in it is told, and does no harm to the numbers. By default it makes the result invalid. */
  readonly severity?: 'note';
}

/** A setting as an engine says it runs with it. */
export interface EffectiveSetting {
  readonly name: string;
  readonly value: string;
  readonly role?: string;
  /** Where it says so: a log file and what stands there, or a path of the endpoint. */
  readonly from: string;
}

type Values = Readonly<Record<string, string>>;

/** Settings read from each log by itself; `what` names the place in it. */
export function settingsInLogs(
  logs: readonly ServerLog[],
  what: string,
  read: (text: string) => Values,
): readonly EffectiveSetting[] {
  return logs.flatMap(({ role, file, text }) =>
    Object.entries(read(text)).map(([name, value]) => ({ name, value, role, from: `${file}, ${what}` })),
  );
}

/** Settings read from the newest answer that a path gave. */
export function settingsInAnswer(
  http: readonly HttpAnswer[],
  path: string,
  read: (body: string) => Values,
): readonly EffectiveSetting[] {
  const answer = answerOf(http, path);
  if (answer === undefined) return [];
  return Object.entries(read(answer)).map(([name, value]) => ({ name, value, from: path }));
}

/** Body of the newest answer of a path with status 200. */
export function answerOf(http: readonly HttpAnswer[], path: string): string | undefined {
  return http.findLast((answer) => answer.path === path && answer.status === 200)?.body;
}

/** A body as a JSON object; empty where it is none. */
export function jsonObject(body: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : {};
  } catch {
    return {};
  }
}
