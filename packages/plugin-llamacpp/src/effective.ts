import {
  jsonObject,
  settingsInAnswer,
  settingsInLogs,
  type EffectiveSetting,
  type EngineOutput,
} from '@sweepline/core';
import { precisionOf } from './precision.js';

/** Where llama-server reports its settings, at any log level. Source: tools/server/README.md of ggml-org/llama.cpp. */
export const PROPS_PATH = '/props';
/**
 * The settings of its slots. `speculative.types` in /props is not used: it is for requests without parameters, and none even with
 * speculation. Seen with 7e4c0a9.
 */
export const SLOTS_PATH = '/slots';

/**
 * Settings in llama-server's log, under the names of the flags; if several lines match, the last one is the model's. Seen with builds 6000
 * to 7000 (`build: 6123 (abc1234)`) and, from `-lv 4` on, with 7e4c0a9 (`build 1 (7e4c0a9)`).
 */
const LLAMA_SERVER_LINES: Readonly<Record<string, RegExp>> = {
  'engine-version': /(?:^|\s)build:? (\d+ \([0-9a-f]+\))/gm,
  threads: /system_info: n_threads = (\d+)/g,
  parallel: /llama_context: n_seq_max\s*= (\d+)/g,
  'ctx-size': /llama_context: n_ctx\s*= (\d+)/g,
  'batch-size': /llama_context: n_batch\s*= (\d+)/g,
  'flash-attn': /llama_context: flash_attn\s*= (\w+)/g,
  'cache-type-k': /llama_kv_cache\w*: size =.*\bK \((\w+)\)/g,
  'cache-type-v': /llama_kv_cache\w*: size =.*\bV \((\w+)\)/g,
};

/** Settings of either server: this package's writes one line with them, llama-server reports them over HTTP and in its log. */
export function effective({ logs, http }: EngineOutput): readonly EffectiveSetting[] {
  return [
    ...settingsInLogs(logs, 'its line with settings', ownSettings),
    ...settingsInLogs(logs, 'its start', llamaServerLines),
    ...settingsInAnswer(http, PROPS_PATH, llamaServerProps),
    ...settingsInAnswer(http, SLOTS_PATH, slots),
  ];
}

/** `key=value` pairs; a value with a space is a JSON string. */
function ownSettings(log: string): Readonly<Record<string, string>> {
  const line = /^settings (.*)$/m.exec(log)?.[1] ?? '';
  const pairs = [...line.matchAll(/([a-z-]+)=("(?:[^"\\]|\\.)*"|\S+)/g)];
  const settings = Object.fromEntries(
    pairs.map(([, key = '', value = '']) => [
      key,
      value.startsWith('"') ? (JSON.parse(value) as string) : value,
    ]),
  );
  return { ...settings, ...precisionOf(settings['file-type']) };
}

function llamaServerLines(log: string): Readonly<Record<string, string>> {
  if (/^settings /m.test(log)) return {};
  const found = Object.entries(LLAMA_SERVER_LINES).flatMap(([name, pattern]) => {
    const value = [...log.matchAll(pattern)].at(-1)?.[1];
    return value === undefined ? [] : [[name, value] as const];
  });
  return found.length === 0 ? {} : { engine: 'llama-server', ...Object.fromEntries(found) };
}

interface Props {
  readonly total_slots?: unknown;
  readonly model_path?: unknown;
  readonly model_ftype?: unknown;
  readonly build_info?: unknown;
  readonly default_generation_settings?: {
    readonly n_ctx?: unknown;
  };
}

function llamaServerProps(body: string): Readonly<Record<string, string>> {
  const props: Props = jsonObject(body);
  const { n_ctx: slotContext } = props.default_generation_settings ?? {};
  return {
    engine: 'llama-server',
    ...text('engine-version', props.build_info),
    ...text('parallel', props.total_slots),
    ...text('ctx-per-slot', slotContext),
    ...text('model', props.model_path),
    ...text('file-type', props.model_ftype),
    ...precisionOf(props.model_ftype),
  };
}

/** A list of slots with equal settings. */
function slots(body: string): Readonly<Record<string, string>> {
  const speculative = /^\[\{[^{}]*"speculative":\s*(true|false)/.exec(body)?.[1];
  return speculative === undefined ? {} : { speculation: speculative === 'true' ? 'on' : 'off' };
}

function text(name: string, value: unknown): Readonly<Record<string, string>> {
  return typeof value === 'string' || typeof value === 'number' ? { [name]: String(value) } : {};
}
