import { InvalidArgumentError, Option, type Command } from 'commander';
import { LATENCIES, type LatencyName } from '../../bench/options.js';
import { metadata } from './pairs.js';

export function addResultOptions(command: Command): Command {
  return command
    .optionsGroup('What is printed and kept:')
    .addOption(
      new Option(
        '--json',
        "print the result as JSON: --save-result's object; of several points an array of them",
      ).conflicts('csv'),
    )
    .option('--csv', 'print the result as CSV: a line per point')
    .option('--html <file>', 'write the report of the bench: one page')
    .option(
      '--results-dir <folder>',
      "make a run's folder there, as a sweep does: records, result and report of each point; default with several points: the workspace's results-dir, or results",
    )
    .option('--save-result', 'write the result as JSON')
    .option('--append-result', 'the same, as a line at the end of the file')
    .option(
      '--label <name>',
      'first part of the name of the file, instead of the backend; also in the result',
    )
    .option('--save-detailed', 'also the lengths, TTFTs, ITLs, text and error of each request')
    .option('--result-dir <folder>', 'where to write it; default: the current folder')
    .option('--result-filename <file>', 'its name; default: from model, concurrency and date')
    .option('--metadata <key=value...>', 'added to the result', metadata)
    .option(
      '--percentile-metrics <names>',
      'latencies that --metric-percentiles are about; all are reported',
      latencies,
      ['ttft', 'tpot', 'itl'],
    )
    .option(
      '--metric-percentiles <list>',
      'percentiles to report in addition to 90, 99 and 99.9',
      percentiles,
      [99],
    )
    .option('--keep-text', 'also the text of each answer in --keep-records')
    .option('--keep-records <file>', 'keep the records of each request, as JSON lines');
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
