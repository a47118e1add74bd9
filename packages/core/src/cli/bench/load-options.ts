import { Option, type Command } from 'commander';
import { DEFAULT_PROMPTS } from '../../bench/load.js';
import { ARRIVAL_PATTERNS } from '../../load/arrival/index.js';
import {
  atMost,
  flagName,
  MOST_REQUESTS,
  MOST_TOKENS,
  tokens,
  type Flag,
  type Flags,
} from '../../load/spec/flags.js';
import { WORKLOADS } from '../../load/workloads/index.js';
import { argument, positiveInteger, rate, ratio, wholeNumber } from '../options.js';
import { listOf } from './lists.js';
import { seconds } from './seconds.js';

export function addPromptOptions(command: Command): Command {
  command
    .optionsGroup('Prompts (docs/workloads.md says more):')
    .addOption(
      new Option('--dataset-name <name>', 'what prompts are')
        .choices(WORKLOADS.map(({ name }) => name))
        .default('random'),
    )
    .option(
      '--dataset-path <file>',
      'file of custom, mooncake or sharegpt; of hf also a folder, or a name in the Hugging Face cache',
    )
    .option(
      '--num-prompts <n>',
      `requests to measure; default: ${DEFAULT_PROMPTS}, what there is of custom and hf up to that, all of a mooncake trace; of each probe of a search, at most: 6000`,
      argument((text) => atMost(MOST_REQUESTS, positiveInteger(text))),
    )
    .option('--seed <n>', 'seed of the prompts', argument(word), 0)
    .addOption(
      new Option('--prompt-form <form>', 'how prompts are sent')
        .choices(['auto', 'token-ids', 'text'])
        .default('auto'),
    )
    .option(
      '--bust-cache [run]',
      'give every prompt a beginning of its own; a run of the same number gives the same prompts',
      argument(word),
    )
    .option(
      '--random-input-len <tokens>',
      'tokens of a prompt; of what is said first (multi-turn), of what follows the prefix (shared-prefix)',
      argument(tokens),
      1024,
    )
    .option('--random-output-len <tokens>', 'tokens of an output', argument(tokens), 128)
    .addOption(
      new Option('--input-len <tokens>', '--random-input-len by its short name')
        .argParser(argument(tokens))
        .conflicts('randomInputLen'),
    )
    .addOption(
      new Option('--output-len <tokens>', 'tokens of an output, whatever the data set calls it')
        .argParser(argument(tokens))
        .conflicts('randomOutputLen'),
    )
    .option('--random-range-ratio <ratio>', 'lengths are drawn from [ratio × len, len]', ratio, 1)
    .option(
      '--random-prefix-len <tokens>',
      'tokens that prompts share at their beginning',
      argument((text) => atMost(MOST_TOKENS, wholeNumber(text))),
      0,
    );
  return withFlags(command, WORKLOADS);
}

export function addArrivalOptions(command: Command): Command {
  command
    .optionsGroup('When they are sent:')
    .option(
      '--max-concurrency <n,…>',
      'requests in flight at most; default: all at once; of several each is a point',
      listOf(positiveInteger),
    )
    .addOption(
      new Option(
        '--request-rate <rate,…>',
        'requests per second; inf: as soon as there are free slots; of several each is a point',
      )
        .argParser(listOf(rate))
        .default([Infinity], 'inf'),
    )
    .option(
      '--duration <s>',
      'send nothing more after so many seconds; what is in flight ends; --num-prompts is then the most that is sent',
      seconds,
    )
    .addOption(
      new Option(
        '--arrival <pattern>',
        'default: gamma at a --request-rate, replay of a mooncake trace, else closed-loop',
      ).choices(ARRIVAL_PATTERNS.map(({ name }) => name)),
    );
  return withFlags(command, ARRIVAL_PATTERNS);
}

export function requestsOrNone(text: string): number {
  return argument((value) => atMost(MOST_REQUESTS, wholeNumber(value)))(text);
}

/** The options that only some of the patterns or kinds have; one that several share is there once. */
function withFlags(command: Command, all: readonly { readonly bench: { readonly flags: Flags } }[]): Command {
  const flags = new Map(all.flatMap(({ bench }) => Object.entries(bench.flags)));
  return [...flags].reduce((made, [key, flag]) => made.addOption(optionOf(key, flag)), command);
}

function optionOf(key: string, { takes, help, parse, conflicts, ...flag }: Flag): Option {
  const option = new Option(takes === undefined ? flagName(key) : `${flagName(key)} ${takes}`, help);
  if (parse !== undefined) option.argParser(argument(parse));
  if (flag.default !== undefined) option.default(flag.default, flag.defaultText);
  return conflicts === undefined ? option : option.conflicts(conflicts);
}

/** What NumPy's legacy generator takes as a seed. */
function word(text: string): number {
  const value = wholeNumber(text);
  if (value < 2 ** 32) return value;
  throw new Error('expected a whole number below 2^32');
}
