/** What a config's job and its engine say of prompts. */
export interface ScenarioPrompts {
  /** Tokens of a prompt and of an output at most: what the server has room for. */
  readonly isl: number;
  readonly osl: number;
  readonly form: 'auto' | 'token-ids' | 'text';
  readonly rangeRatio: number;
  readonly seed: number;
  /** Ids that make plain prompts, where the engine names them. */
  readonly vocabulary?: { readonly first: number; readonly end: number };
  /** Texts are put in the chat template by the client. */
  readonly useChatTemplate: boolean;
}

/** What given fields have to fit: lengths, and whether requests are due by a schedule. */
export interface ScenarioShape extends Pick<ScenarioPrompts, 'isl' | 'osl'> {
  readonly hasSchedule: boolean;
}

/** What is wrong with a field. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Fields of a spec that a config's `load.workload` may give, with values as the spec takes them. */
export type GivenFields = Readonly<Record<string, unknown>>;
