import { InvalidArgumentError, Option, type Command } from 'commander';

const OTHER_DATA = 'this data set is not supported; --dataset-name lists those that are';
const MEDIA = 'prompts are texts: images, audio and video are not sent';
const POOLING = 'only generated answers are measured';
const SONNET = 'the sonnet data set is not supported';
const SHARED_PREFIX = 'it is --dataset-name shared-prefix';
const TRACES = 'use --dataset-name mooncake for traces, with its field names and milliseconds';
const PLOTS = 'use --results-dir and `sweepline report` for the report, --keep-records for each request';

/**
 * Flags of `vllm bench serve` and of benchmark_serving.py that are not supported, and why. docs/bench-flags.md lists them with their
 * versions.
 */
export const REFUSED: Readonly<Record<string, string>> = {
  'lora-modules': 'measure each module on its own, with --served-model-name',
  'lora-assignment': 'measure each module on its own, with --served-model-name',
  dsv4: "a template comes from the --tokenizer, or from the server's /v1/chat/completions",
  'chat-template-kwargs': "pass the server's own parameter with --extra-body",
  'probe-request-rate': 'run a second bench at the same time, and keep its records',
  'self-timed': 'a trace is replayed at its own times; --request-rate and --arrival replace them',
  'no-self-timed': 'a trace is replayed at its own times; --request-rate and --arrival replace them',
  'plot-timeline': PLOTS,
  'timeline-itl-thresholds': PLOTS,
  'plot-dataset-stats': PLOTS,
  'disable-shuffle': '--seed decides which prompts are used',
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
  'hf-name': 'pass the name of the data set with --dataset-path',
};

/** Flags without an effect, and why. */
const WITHOUT_EFFECT: readonly Option[] = [
  new Option('--trust-remote-code', 'no code of a model is run'),
  new Option('--use-beam-search', "the original doesn't send it either"),
  new Option('--random-num-workers <n>', 'the number of threads that make prompts is chosen automatically'),
  new Option('--skip-tokenizer-init', 'without --tokenizer no tokenizer is used'),
  new Option('--skip-chat-template', 'no template is applied unless --use-chat-template says so'),
  new Option('--no-oversample', 'a data set is never filled up with repeated prompts'),
  new Option('--no-stream', 'data sets are read from files'),
  new Option('--tokenizer-mode <mode>', 'slow and fast tokenizers give the same tokens').argParser((mode) => {
    if (['auto', 'hf', 'slow'].includes(mode)) return mode;
    throw new InvalidArgumentError('tokenizers are read from tokenizer.json: expected auto, hf or slow');
  }),
];

/** Adds the flags that are refused or have no effect, so that calls of the originals work or explain why they don't. */
export function addForeignOptions(command: Command): Command {
  command.optionsGroup('Accepted for compatibility, without effect:');
  for (const option of WITHOUT_EFFECT) command.addOption(option);
  for (const [name, why] of Object.entries(REFUSED)) {
    command.addOption(new Option(`--${name} [value...]`).hideHelp());
    // With or without a value.
    command.on(`option:${name}`, () => command.error(`error: option '--${name}' is not supported: ${why}`));
  }
  return command;
}
