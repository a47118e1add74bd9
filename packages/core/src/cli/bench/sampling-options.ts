import { InvalidArgumentError, type Command } from 'commander';
import { positiveInteger, wholeNumber } from '../options.js';
import { jsonObject } from './pairs.js';

/** How answers are sampled, and other fields of requests. */
export function addSamplingOptions(command: Command): Command {
  return command
    .optionsGroup('Request parameters:')
    .option('--temperature <t>', 'sent as temperature; default: 0', between(0, Infinity))
    .option('--top-p <p>', 'sent as top_p', between(0, 1))
    .option('--top-k <k>', 'sent as top_k; -1: all', topK)
    .option('--min-p <p>', 'sent as min_p', between(0, 1))
    .option('--frequency-penalty <x>', 'sent as frequency_penalty', between(-Infinity, Infinity))
    .option('--presence-penalty <x>', 'sent as presence_penalty', between(-Infinity, Infinity))
    .option('--repetition-penalty <x>', 'sent as repetition_penalty', between(0, Infinity))
    .option('--ignore-eos', 'ask the server to continue after an end-of-sequence token')
    .option('--best-of <n>', 'sent as best_of if it is not 1', positiveInteger, 1)
    .option('--logprobs <n>', 'sent as logprobs', wholeNumber)
    .option('--extra-body <json>', 'JSON object with more fields for every request', jsonObject);
}

function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    if (most < Infinity) throw new InvalidArgumentError(`expected a number from ${least} to ${most}`);
    throw new InvalidArgumentError(least === 0 ? 'expected a number, 0 or more' : 'expected a number');
  };
}

function topK(text: string): number {
  return text === '-1' ? -1 : wholeNumber(text);
}
