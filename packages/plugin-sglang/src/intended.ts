import { optionsIn, type IntendedSetting, type Job, type Role, type ServePlan } from '@sweepline/core';

type Values = Readonly<Record<string, string>>;

/** Flags with two names. Source: add_cli_args in python/sglang/srt/server_args.py of 0.5.8. */
const ALIASES: Values = {
  tp: 'tensor-parallel-size',
  'tp-size': 'tensor-parallel-size',
  'pp-size': 'pipeline-parallel-size',
  'dp-size': 'data-parallel-size',
  dp: 'data-parallel-size',
  'expert-parallel-size': 'ep-size',
  ep: 'ep-size',
  model: 'model-path',
};

/** SGLang's defaults for settings that a plan leaves out. */
const DEFAULTS: Values = {
  'tensor-parallel-size': '1',
  'pipeline-parallel-size': '1',
  'data-parallel-size': '1',
};

/**
 * Settings that SGLang reports as they were given. Left out are those that it recalculates from others, such as chunked-prefill-size and
 * schedule-conservativeness with data-parallel attention (ServerArgs.__post_init__).
 */
const COMPARED = [
  ...Object.keys(DEFAULTS),
  'enable-dp-attention',
  'disable-radix-cache',
  'ep-size',
  'context-length',
  'max-running-requests',
  'kv-cache-dtype',
  'attention-backend',
  'quantization',
  'stream-interval',
  'speculative-num-steps',
  'speculative-eagle-topk',
];
/** Settings with little effect on speed or memory, which engines adjust themselves. */
const NOTES = ['mem-fraction-static', 'cuda-graph-max-bs', 'max-prefill-tokens', 'scheduler-recv-interval'];

/** The settings that a plan's command line asks for. */
export function intended({ roles }: ServePlan, job: Job): readonly IntendedSetting[] {
  const [server] = roles;
  if (server === undefined) return [];
  return [
    ...settingsOf(server),
    ...(optionsIn(server.argv, ALIASES)['model-path'] === job.model
      ? [{ name: 'model-path', value: job.model }]
      : []),
    { name: 'precision', value: job.precision },
  ];
}

/** The settings of each kind of worker, where prefill and decode are split; the router has none. */
export function intendedOfWorkers({ roles }: ServePlan, job: Job): readonly IntendedSetting[] {
  return roles.filter(isWorker).flatMap((role) =>
    [...settingsOf(role), { name: 'precision', value: job.precision }].map((setting) => ({
      ...setting,
      role: role.name,
    })),
  );
}

/** Devices of one worker; undefined for a router. */
export function devicesOfWorker(role: Role): number | undefined {
  return isWorker(role) ? devicesOf(role) : undefined;
}

function isWorker({ place }: Role): boolean {
  return place.devicesPerRank > 0;
}

/** With data-parallel attention the replicas share the devices of the tensor parallelism, otherwise each has its own. */
export function devicesOf({ argv }: Pick<Role, 'argv'>): number {
  const options = { ...DEFAULTS, ...optionsIn(argv, ALIASES) };
  const size = (name: string): number => Number(options[name] ?? 1);
  const copies = options['enable-dp-attention'] === 'true' ? 1 : size('data-parallel-size');
  return size('tensor-parallel-size') * size('pipeline-parallel-size') * copies;
}

/** The settings of one role, with SGLang's own names. */
export function settingsOf({ argv }: Pick<Role, 'argv'>): readonly IntendedSetting[] {
  const options = { ...DEFAULTS, ...optionsIn(argv, ALIASES) };
  const given = (names: readonly string[]): readonly (readonly [string, string])[] =>
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  return [
    ...given(COMPARED).map(([name, value]) => ({ name, value })),
    ...given(NOTES).map(([name, value]) => ({ name, value, severity: 'note' as const })),
    { name: 'speculation', value: 'speculative-algorithm' in options ? 'on' : 'off' },
  ];
}
