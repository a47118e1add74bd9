import { InvalidArgumentError, Option, type Command } from 'commander';

const OTHER_DATA = 'there is no such data set here; --dataset-name has those that there are';
const MEDIA = 'prompts are texts: images, audio and video are not sent';
const POOLING = 'only answers that are generated are measured';
const SONNET = 'there is no sonnet data set';
const SHARED_PREFIX = 'it is --dataset-name shared-prefix';
const TRACES = 'traces are --dataset-name mooncake, with its names of fields, in milliseconds';
const PLOTS = '--html has the report, --keep-records each request';

/**
 * Flags of `vllm bench serve` and of benchmark_serving.py that have no place here, and why. docs/bench-flags.md lists them with their
 * versions.
 */
export const REFUSED: Readonly<Record<string, string>> = {
  'lora-modules': 'measure each module by itself, as --served-model-name',
  'lora-assignment': 'measure each module by itself, as --served-model-name',
  dsv4: "a template comes from the --tokenizer, or from the server's /v1/chat/completions",
  'chat-template-kwargs': 'give what the server takes for it as --extra-body',
  'probe-request-rate': 'run a second bench at the same time, and keep its records',
  'self-timed': 'a trace is replayed by its times; --request-rate and --arrival take their place',
  'no-self-timed': 'a trace is replayed by its times; --request-rate and --arrival take their place',
  'plot-timeline': PLOTS,
  'timeline-itl-thresholds': PLOTS,
  'plot-dataset-stats': PLOTS,
  'disable-shuffle': 'which prompts are taken follows from --seed',
  'enable-multimodal-chat': MEDIA,
  'custom-ensure-client-side-data': MEDIA,
  'random-mm-base-items-per-request': MEDIA,
  'random-mm-num-mm-items-range-ratio': MEDIA,
  'random-mm-limit-mm-per-prompt': MEDIA,
  'random-mm-bucket-config': MEDIA,
  'asr-max-audio-len-sec': MEDIA,
  'asr-min-audio-len-sec': MEDIA,
  'random-batch-size': POOLING,
  'no-reranker': POOLING,
  'sonnet-input-len': `${SONNET}; use --random-input-len`,
  'sonnet-output-len': `${SONNET}; use --random-output-len`,
  'sonnet-prefix-len': `${SONNET}; use --random-prefix-len`,
  'prefix-repetition-prefix-len': `${SHARED_PREFIX} with --random-prefix-len`,
  'prefix-repetition-suffix-len': `${SHARED_PREFIX} with --random-input-len`,
  'prefix-repetition-num-prefixes': `${SHARED_PREFIX} with --num-prefixes`,
  'prefix-repetition-output-len': `${SHARED_PREFIX} with --random-output-len`,
  'timed-trace-chunk-hash-size': TRACES,
  'timed-trace-sec-multiplier': TRACES,
  'timed-trace-label-timestamp': TRACES,
  'timed-trace-label-input-length': TRACES,
  'timed-trace-label-output-length': TRACES,
  'timed-trace-label-hash-ids': TRACES,
  'spec-bench-output-len': OTHER_DATA,
  'spec-bench-category': OTHER_DATA,
  'speed-bench-dataset-subset': OTHER_DATA,
  'speed-bench-output-len': OTHER_DATA,
  'speed-bench-category': OTHER_DATA,
  'blazedit-min-distance': OTHER_DATA,
  'blazedit-max-distance': OTHER_DATA,
  'bfcl-categories': OTHER_DATA,
  'hf-name': 'give the name of the data set as --dataset-path',
};

/** Flags that change nothing here, and why. */
const WITHOUT_EFFECT: readonly Option[] = [
  new Option('--trust-remote-code', 'no code of models is run'),
  new Option('--use-beam-search', 'the original does not send it either'),
  new Option('--random-num-workers <n>', 'prompts are made by as many threads as help'),
  new Option('--skip-tokenizer-init', 'without --tokenizer there is none'),
  new Option('--skip-chat-template', 'no template is applied unless --use-chat-template says so'),
  new Option('--no-oversample', 'no prompt is ever sent twice to fill up a data set'),
  new Option('--no-stream', 'data sets are read from files'),
  new Option('--tokenizer-mode <mode>', 'slow and fast tokenizers give the same tokens').argParser((mode) => {
    if (['auto', 'hf', 'slow'].includes(mode)) return mode;
    throw new InvalidArgumentError('tokenizers are read from tokenizer.json: expected auto, hf or slow');
  }),
];

/** Makes flags known that are refused or change nothing, so that calls of the originals work or say why they don't. */
export function addForeignOptions(command: Command): Command {
  command.optionsGroup('Taken for compatibility, without an effect:');
  for (const option of WITHOUT_EFFECT) command.addOption(option);
  for (const [name, why] of Object.entries(REFUSED)) {
    command.addOption(new Option(`--${name} [value...]`).hideHelp());
    // With a value or without.
    command.on(`option:${name}`, () => command.error(`error: option '--${name}' is not taken: ${why}`));
  }
  return command;
}
