import { UsageError } from './usage-error.js';

/** The files for each kind of plugin: the template folder has the kind's name. */
export const KINDS = {
  framework: {
    summary: 'an inference engine: what to launch for a job',
    uses: ['@sweepline/hw-cpu'],
  },
  hardware: {
    summary: 'a kind of device, and how to find it on a node',
    uses: ['@sweepline/launcher-docker', '@sweepline/plugin-vllm'],
  },
  metric: {
    summary: "numbers from a run's records",
    uses: [],
  },
  recipes: {
    summary: "settings of another package's framework for a model",
    uses: ['@sweepline/hw-nvidia', '@sweepline/plugin-vllm'],
  },
  launcher: {
    summary: 'gets nodes, and runs processes on them',
    uses: [],
  },
} as const satisfies Record<string, KindOfPackage>;

interface KindOfPackage {
  readonly summary: string;
  /** Sweepline packages that its tests and configs need, in addition to core. */
  readonly uses: readonly string[];
}

export type Kind = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];

/** @throws {UsageError} with the list of kinds. */
export function kindOf(text: string): Kind {
  const kind = KIND_NAMES.find((name) => name === text);
  if (kind !== undefined) return kind;
  // People also write `recipe` and `metrics`.
  const near = KIND_NAMES.find((name) => stem(name) === stem(text.toLowerCase()));
  const suggestion = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new UsageError(`"${text}" is not a kind of plugin.${suggestion} Kinds: ${KIND_NAMES.join(', ')}.`);
}

function stem(name: string): string {
  return name.replace(/s$/, '');
}
