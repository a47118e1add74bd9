import { InvalidArgumentError, Option, type Command } from 'commander';
import { LATENCIES, type LatencyName } from '../../bench/options.js';
import { metadata } from './pairs.js';

export function addResultOptions(command: Command): Command {
  return command
    .optionsGroup('What is printed and saved:')
    .addOption(
      new Option(
        '--json',
        'print the result as JSON, the same object as --save-result; several points make an array',
      ).conflicts('csv'),
    )
    .option('--csv', 'print the result as CSV, one line per point')
    .option(
      '--results-dir <folder>',
      "make the folder of a run there, as a sweep does, with records, result and report of each point; default for several points: the workspace's results-dir, or results",
    )
    .option('--save-result', 'write the result as JSON')
    .option('--append-result', 'append it to the file as one line')
    .option('--label <name>', 'first part of the file name, instead of the backend; also saved in the result')
    .option('--save-detailed', 'also save the lengths, TTFTs, ITLs, text and error of each request')
    .option('--result-dir <folder>', 'folder for the file; default: the current one')
    .option('--result-filename <file>', 'name of the file; default: made from model, concurrency and date')
    .option('--metadata <key=value...>', 'keys to add to the result', metadata)
    .option(
      '--percentile-metrics <names>',
      'latencies for --metric-percentiles; all latencies are reported anyway',
      latencies,
      ['ttft', 'tpot', 'itl'],
    )
    .option(
      '--metric-percentiles <list>',
      'percentiles to report in addition to 90, 99 and 99.9',
      percentiles,
      [99],
    )
    .option('--keep-text', 'also save the text of each answer in --keep-records')
    .option('--keep-records <file>', 'save the record of each request, as JSON lines');
}

function latencies(text: string): readonly LatencyName[] {
  return text.split(',').map((name) => {
    const latency = LATENCIES.find((known) => known === name);
    if (latency !== undefined) return latency;
    throw new InvalidArgumentError(`expected some of ${LATENCIES.join(',')}`);
  });
}

function percentiles(text: string): readonly number[] {
  return text.split(',').map((part) => {
    const value = Number(part);
    if (part.trim() !== '' && value >= 0 && value <= 100) return value;
    throw new InvalidArgumentError('expected numbers up to 100, such as 25,50,75');
  });
}
