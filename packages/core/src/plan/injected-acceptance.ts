import { optionsIn } from '../plugin/arguments.js';
import type { Role, ServePlan, Text } from '../plugin/launch-plan.js';

/** An acceptance length that an engine was ordered to have, whatever its drafts are worth. */
export interface InjectedAcceptance {
  /** Tokens a step, the one that needs no draft included. */
  readonly length: number;
  /** The setting. */
  readonly by: string;
}

/**
 * Variables that order it, and tokens a step that they don't count. Sources: SGLang's environment variables; TensorRT-LLM counts accepted
 * drafts alone (InferenceX, codeowner-signoff-verify-prompt.md, check 11, at 843c625).
 */
const VARIABLES = { SGLANG_SIMULATE_ACC_LEN: 0, TLLM_SPEC_DECODE_FORCE_NUM_ACCEPTED_TOKENS: 1 } as const;
/** vLLM's speculative config, which has both (same source). */
const CONFIG = 'speculative-config';
const METHOD = 'rejection_sample_method';
const LENGTH = 'synthetic_acceptance_length';

/** What a plan orders, where it does. */
export function injectedAcceptance({ roles }: Pick<ServePlan, 'roles'>): InjectedAcceptance | undefined {
  for (const role of roles) {
    const found = fromEnvironment(role) ?? fromArguments(role);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fromEnvironment({ env }: Role): InjectedAcceptance | undefined {
  for (const [by, uncounted] of Object.entries(VARIABLES)) {
    const length = numberIn(env[by]);
    if (length !== undefined) return { length: length + uncounted, by };
  }
  return undefined;
}

function fromArguments({ argv }: Role): InjectedAcceptance | undefined {
  try {
    const config = JSON.parse(optionsIn(argv)[CONFIG] ?? '{}') as Readonly<Record<string, unknown>>;
    const length = config[LENGTH];
    if (config[METHOD] !== 'synthetic' || typeof length !== 'number') return undefined;
    return { length, by: `--${CONFIG} ${LENGTH}` };
  } catch {
    return undefined; // what isn't JSON orders nothing
  }
}

function numberIn(text: Text | undefined): number | undefined {
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
