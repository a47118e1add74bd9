/** A config job's and its engine's settings for prompts. */
export interface ScenarioPrompts {
  /** Most tokens of a prompt and of an output: what the server has room for. */
  readonly isl: number;
  readonly osl: number;
  readonly form: 'auto' | 'token-ids' | 'text';
  readonly rangeRatio: number;
  readonly seed: number;
  /** Ids that make plain prompts, if the engine gives them. */
  readonly vocabulary?: { readonly first: number; readonly end: number };
  /** The client applies the chat template to texts. */
  readonly useChatTemplate: boolean;
}

/** What given fields must match: lengths, and whether requests are due by a schedule. */
export interface ScenarioShape extends Pick<ScenarioPrompts, 'isl' | 'osl'> {
  readonly hasSchedule: boolean;
}

/** A problem with a field. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Fields of a spec that a config's `load.workload` may give, with values as the spec takes them. */
export type GivenFields = Readonly<Record<string, unknown>>;
