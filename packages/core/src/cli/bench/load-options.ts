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
    .optionsGroup('Prompts (see docs/workloads.md):')
    .addOption(
      new Option('--dataset-name <name>', 'kind of prompts')
        .choices(WORKLOADS.map(({ name }) => name))
        .default('random'),
    )
    .option(
      '--dataset-path <file>',
      'file for custom, mooncake or sharegpt; for hf also a folder, or a name in the Hugging Face cache',
    )
    .option(
      '--num-prompts <n>',
      `requests to measure; default: ${DEFAULT_PROMPTS}, or all prompts of custom and hf if they have fewer; the whole trace for mooncake; at most 6000 per probe in a search`,
      argument((text) => atMost(MOST_REQUESTS, positiveInteger(text))),
    )
    .option('--seed <n>', 'seed for the prompts', argument(word), 0)
    .addOption(
      new Option('--prompt-form <form>', 'form in which prompts are sent')
        .choices(['auto', 'token-ids', 'text'])
        .default('auto'),
    )
    .option(
      '--bust-cache [run]',
      'make the beginning of every prompt unique; the same number gives the same prompts again',
      argument(word),
    )
    .option(
      '--random-input-len <tokens>',
      'tokens of a prompt; of the first turn (multi-turn); of the part after the prefix (shared-prefix)',
      argument(tokens),
      1024,
    )
    .option('--random-output-len <tokens>', 'tokens of an output', argument(tokens), 128)
    .addOption(
      new Option('--input-len <tokens>', 'short for --random-input-len')
        .argParser(argument(tokens))
        .conflicts('randomInputLen'),
    )
    .addOption(
      new Option('--output-len <tokens>', 'tokens of an output, for every data set')
        .argParser(argument(tokens))
        .conflicts('randomOutputLen'),
    )
    .option('--random-range-ratio <ratio>', 'lengths are drawn from [ratio × len, len]', ratio, 1)
    .option(
      '--random-prefix-len <tokens>',
      'tokens of the shared beginning of prompts',
      argument((text) => atMost(MOST_TOKENS, wholeNumber(text))),
      0,
    );
  return withFlags(command, WORKLOADS);
}

export function addArrivalOptions(command: Command): Command {
  command
    .optionsGroup('When requests are sent:')
    .option(
      '--max-concurrency <n,…>',
      'most requests in flight; default: all at once; each value of a list is a point',
      listOf(positiveInteger),
    )
    .addOption(
      new Option(
        '--request-rate <rate,…>',
        'requests per second; inf: as soon as a slot is free; each value of a list is a point',
      )
        .argParser(listOf(rate))
        .default([Infinity], 'inf'),
    )
    .option(
      '--duration <s>',
      'stop sending after this many seconds; requests in flight still finish; --num-prompts is then the upper limit',
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

/** Options that only some of the patterns or kinds have; one that several share appears once. */
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

/** The seeds that NumPy's legacy generator takes. */
function word(text: string): number {
  const value = wholeNumber(text);
  if (value < 2 ** 32) return value;
  throw new Error('expected a whole number below 2^32');
}
