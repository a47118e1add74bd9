import type { ClientSettings, Text } from './launch-plan.js';

/** Tokens that are made before they are sent. Sources: SGLang's and vLLM's server arguments, TensorRT-LLM's LLM API options. */
const INTERVAL = ['stream-interval', 'stream_interval'] as const;

/**
 * Tokens that are drafted a step, at most. Sources: SGLang's server arguments (a step accepts one for each of its own steps, or all
 * that were drafted but one), vLLM's speculative config, TensorRT-LLM's decoding configs, ATOM's arguments.
 */
const DRAFTED = [
  'speculative-num-steps',
  'speculative-config.num_speculative_tokens',
  'speculative_config.num_nextn_predict_layers',
  'speculative_config.max_draft_len',
  'num-speculative-tokens',
] as const;
const DRAFTED_AND_ONE = ['speculative-num-draft-tokens'] as const;

/** Where one of them is, tokens are drafted, however many. */
const SPECULATION = /^(?:speculative[-_]|num-speculative|method$)/;
/** What else changes an engine's config, by means that aren't read here. */
const ELSEWHERE = ['override-engine-args', 'sc'] as const;

type Settings = ReadonlyMap<string, unknown>;

/**
 * Most tokens of a chunk, as a server's arguments and its config file say: it sends when it has made as many as its interval, and the
 * step that gets there may bring those that it drafted as well. Absent where neither is set, or can't be told.
 */
export function tokensPerChunk(
  argv: readonly Text[],
  config: Readonly<Record<string, unknown>> = {},
): Pick<ClientSettings, 'tokensPerChunk'> {
  const settings = new Map([...flat(config), ...givenBy(argv)]);
  if (ELSEWHERE.some((name) => settings.has(name))) return {};
  const isDrafting = [...settings.keys()].some((name) => SPECULATION.test(name));
  const interval = countOf(settings, INTERVAL);
  if (interval === undefined && !isDrafting) return {};
  const drafted = isDrafting ? draftedOf(settings) : 0;
  return drafted === undefined ? {} : { tokensPerChunk: { max: (interval ?? 1) + drafted } };
}

function draftedOf(settings: Settings): number | undefined {
  const andOne = countOf(settings, DRAFTED_AND_ONE);
  return countOf(settings, DRAFTED) ?? (andOne === undefined ? undefined : andOne - 1);
}

function countOf(settings: Settings, names: readonly string[]): number | undefined {
  const value = Number(names.map((name) => settings.get(name)).find((one) => one !== undefined));
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

/** `--name value` and `--name=value`; of a name that is given again the last one counts, as it does for the engines. */
function givenBy(argv: readonly Text[]): [string, unknown][] {
  return argv.flatMap((arg, index) => {
    const option = typeof arg === 'string' ? /^--?([a-z][\w.-]*)(?:=(.*))?$/s.exec(arg) : null;
    if (option === null) return [];
    const [, name = '', value = argv[index + 1]] = option;
    return [[name, value], ...flat({ [name]: parsed(value) })];
  });
}

/** An option that is JSON holds settings itself. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Members of objects as `outer.inner`. */
function flat(settings: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(settings).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? [
          [name, value],
          ...flat(value as Record<string, unknown>).map(([inner, v]): [string, unknown] => [
            `${name}.${inner}`,
            v,
          ]),
        ]
      : value === undefined
        ? []
        : [[name, value]],
  );
}
