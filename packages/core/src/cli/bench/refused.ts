import { InvalidArgumentError, Option, type Command } from 'commander';

/** Flags of benchmark_serving.py that have no place here, and why; the last one is of August 2026. */
const REFUSED: Readonly<Record<string, string>> = {
  'lora-modules': 'measure each module by itself, as --served-model-name',
  'sonnet-input-len': 'there is no sonnet data set; use --random-input-len',
  'sonnet-output-len': 'there is no sonnet data set; use --random-output-len',
  'sonnet-prefix-len': 'there is no sonnet data set; use --random-prefix-len',
  'hf-subset': 'data sets are not downloaded; give a file as --dataset-path',
  'hf-split': 'data sets are not downloaded; give a file as --dataset-path',
  'hf-output-len': 'data sets are not downloaded; give a file as --dataset-path',
  dsv4: "a template comes from the --tokenizer, or from the server's /v1/chat/completions",
};

/** Flags that change nothing here, and why; `--random-num-workers` is of August 2026. */
const WITHOUT_EFFECT: readonly Option[] = [
  new Option('--trust-remote-code', 'no code of models is run'),
  new Option('--use-beam-search', 'the original does not send it either'),
  new Option('--random-num-workers <n>', 'prompts are made by as many threads as help'),
  new Option('--tokenizer-mode <mode>', 'slow and fast tokenizers give the same tokens').argParser((mode) => {
    if (mode === 'auto' || mode === 'slow') return mode;
    throw new InvalidArgumentError('tokenizers are read from tokenizer.json: expected auto or slow');
  }),
];

/** Makes flags known that are refused or change nothing, so that calls of the original work or say why they don't. */
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
