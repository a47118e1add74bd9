/** Why a job can't be run, and the nearest choice that can. */
export interface Rejection {
  readonly reason: string;
  readonly nearest?: Readonly<Record<string, unknown>>;
}
