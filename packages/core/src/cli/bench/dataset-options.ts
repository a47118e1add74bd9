import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Think } from '../../load/workloads/think.js';
import { positiveInteger, ratio, wholeNumber } from '../options.js';
import { requests, tokens, tokensOrNone } from './counts.js';

const DATASETS = ['random', 'sharegpt', 'mooncake', 'multi-turn', 'shared-prefix'] as const;
export const DEFAULT_PROMPTS = 1000;
const BLOCK_TOKENS = 512;

export interface DatasetOptions {
  readonly datasetName: (typeof DATASETS)[number];
  readonly datasetPath?: string;
  readonly numPrompts?: number;
  readonly promptForm: 'auto' | 'token-ids' | 'text';
  readonly seed: number;
  readonly bustCache?: number | true;
  readonly randomInputLen: number;
  readonly randomOutputLen: number;
  readonly randomRangeRatio: number;
  readonly randomPrefixLen: number;
  readonly useChatTemplate?: boolean;
  readonly numPrefixes: number;
  readonly turns: { readonly min: number; readonly max: number };
  readonly nextInputLen?: number;
  readonly numConversations?: number;
  readonly thinkMs: Think;
  readonly sharegptOutputLen?: number;
  readonly wholeConversations?: boolean;
  readonly minTokens: number;
  readonly maxPromptTokens: number;
  readonly maxTotalTokens?: number;
  readonly blockTokens: number;
}

export function addDatasetOptions(command: Command): Command {
  return command
    .optionsGroup('Prompts (docs/workloads.md says more):')
    .addOption(new Option('--dataset-name <name>', 'what prompts are').choices(DATASETS).default('random'))
    .option('--dataset-path <file>', 'file of sharegpt or mooncake')
    .option(
      '--num-prompts <n>',
      `requests to measure; default: ${DEFAULT_PROMPTS}, or all of a mooncake trace`,
      requests,
    )
    .option('--seed <n>', 'seed of the prompts', word, 0)
    .addOption(
      new Option('--prompt-form <form>', 'how prompts are sent')
        .choices(['auto', 'token-ids', 'text'])
        .default('auto'),
    )
    .option(
      '--bust-cache [run]',
      'give every prompt a beginning of its own; a run of the same number gives the same prompts',
      word,
    )
    .option(
      '--random-input-len <tokens>',
      'tokens of a prompt; of what is said first (multi-turn), of what follows the prefix (shared-prefix)',
      tokens,
      1024,
    )
    .option('--random-output-len <tokens>', 'tokens of an output', tokens, 128)
    .option('--random-range-ratio <ratio>', 'lengths are drawn from [ratio × len, len]', ratio, 1)
    .option('--random-prefix-len <tokens>', 'tokens that prompts share at their beginning', tokensOrNone, 0)
    .option('--use-chat-template', 'random: prompts are in the chat template of the --tokenizer')
    .option('--num-prefixes <n>', 'shared-prefix: prefixes of --random-prefix-len', positiveInteger, 10)
    .addOption(
      new Option('--turns <n|min-max>', 'multi-turn: turns of a conversation')
        .argParser(turns)
        .default({ min: 3, max: 3 }, '3'),
    )
    .option('--next-input-len <tokens>', 'multi-turn: tokens said after the first turn', tokens)
    .addOption(
      new Option('--num-conversations <n>', 'multi-turn: conversations, instead of --num-prompts')
        .argParser(requests)
        .conflicts('numPrompts'),
    )
    .addOption(
      new Option('--think-ms <ms|min-max|exp:mean>', 'time between an answer and the next turn')
        .argParser(think)
        .default({ distribution: 'fixed', ms: 0 }, '0'),
    )
    .option(
      '--sharegpt-output-len <tokens>',
      'sharegpt: output tokens instead of those of the answers',
      tokens,
    )
    .option('--whole-conversations', 'sharegpt: turn by turn, not only what was said first')
    .option('--min-tokens <n>', 'sharegpt: tokens of a prompt and of an answer, at least', positiveInteger, 4)
    .option('--max-prompt-tokens <n>', 'sharegpt: tokens of a prompt, at most', positiveInteger, 1024)
    .option(
      '--max-total-tokens <n>',
      'sharegpt, mooncake: tokens of prompt and output, at most; default for sharegpt: 2048',
      positiveInteger,
    )
    .option('--block-tokens <n>', 'mooncake: tokens that a hash stands for', positiveInteger, BLOCK_TOKENS);
}

/** What NumPy's legacy generator takes as a seed. */
function word(text: string): number {
  const value = wholeNumber(text);
  if (value < 2 ** 32) return value;
  throw new InvalidArgumentError('expected a whole number below 2^32');
}

function turns(text: string): DatasetOptions['turns'] {
  const [min = '', max = min] = text.split('-');
  const range = { min: positiveInteger(min), max: positiveInteger(max) };
  if (range.min > range.max)
    throw new InvalidArgumentError('expected a number such as 4, or a range such as 3-6');
  return range;
}

function think(text: string): Think {
  const [, mean] = /^exp:(.+)$/.exec(text) ?? [];
  if (mean !== undefined) return { distribution: 'exponential', meanMs: milliseconds(mean) };
  const [, min, max] = /^([\d.]+)-([\d.]+)$/.exec(text) ?? [];
  if (min === undefined || max === undefined) return { distribution: 'fixed', ms: milliseconds(text) };
  const range = { minMs: milliseconds(min), maxMs: milliseconds(max) };
  if (range.minMs <= range.maxMs) return { distribution: 'uniform', ...range };
  throw new InvalidArgumentError('expected the shorter time first, such as 200-800');
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0 && value < Infinity) return value;
  throw new InvalidArgumentError('expected ms such as 500, a range such as 200-800, or exp:500');
}
