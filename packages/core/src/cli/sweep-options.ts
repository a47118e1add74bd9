import { Command, Option } from 'commander';
import * as flags from '../load/spec/flags.js';
import { AGAIN } from '../schedule/resume.js';
import { withCompat, type ConditionOptions } from './conditions.js';
import { withEvalOptions, type EvalOptions } from './eval-options.js';
import { examples } from './help.js';
import { allowInvalidOption, argument, positiveInteger, positiveNumber } from './options.js';
import type { ResumeOptions } from './resuming.js';
import { withSelection, type SelectionOptions } from './selection.js';
import { CHANGELOG } from './since.js';

export interface SweepOptions extends SelectionOptions, ConditionOptions, EvalOptions, ResumeOptions {
  readonly json?: boolean;
  readonly allowInvalid?: boolean;
  readonly since?: string;
  readonly matrix?: string;
  readonly changelogFile?: string;
  readonly dryRun?: boolean;
  readonly first?: readonly string[];
  readonly failFast?: boolean;
  readonly reuseServer?: boolean;
  readonly repeat: number;
  readonly otherNodesThan?: readonly string[];
  readonly detach?: boolean;
  readonly maxHours?: number;
  readonly maxNodeHours?: number;
  readonly maxFailures?: number;
  readonly events?: string;
}

/** Each is a line of the run's tables and files. */
const MOST_REPEATS = 1000;

const repeats = argument((text: string) => flags.atMost(MOST_REPEATS, flags.positiveInteger(text)));

/** The command with its options and without its action. */
export function sweepDefinition(): Command {
  return withEvalOptions(withCompat(withSelection(new Command('sweep'))))
    .argument('[config...]', "files, folders and globs; default: the workspace's default-configs")
    .option('--results-dir <folder>', "where to make the run's folder; default: the workspace's results-dir")
    .option('--matrix <file>', 'jobs from a matrix JSON instead of configs')
    .option('--since <revision>', 'what the changelog asks for that was added after it')
    .option('--changelog-file <file>', `with --since, the changelog; default: ${CHANGELOG}`)
    .option('--dry-run', 'say what would run where, and how long that would take; run nothing')
    .option('--first <pattern...>', 'points that begin before all others, by their names, such as dsr1*')
    .option(
      '--fail-fast',
      'a config begins with its lowest concurrency alone, and is left once one of its points has failed',
    )
    .option('--reuse-server', 'points with equal plans share a server; default: each has its own')
    .option(
      '--repeat <n>',
      'measure each point so often, each time with a fresh server, in a random order',
      repeats,
      1,
    )
    .option(
      '--other-nodes-than <run...>',
      'runs that have measured these points: each asks for another node than there',
    )
    .option(
      '--resume <run>',
      'go on with a run that has ended early: its folder, or its name among the results',
    )
    .addOption(
      new Option('--again <which...>', 'with --resume, points with a result that are measured again').choices(
        AGAIN,
      ),
    )
    .option(
      '--take-over',
      'with --resume, although it can not be seen whether the process of the run has ended',
    )
    .option('--detach', 'return once the run has begun; neither this terminal nor its end stops it then')
    .option('--max-hours <hours>', 'begin no server after this time', positiveNumber)
    .option(
      '--max-node-hours <hours>',
      'begin no server once nodes have been held for so long, all together',
      positiveNumber,
    )
    .option('--max-failures <n>', 'begin no server once so many points have failed', positiveInteger)
    .option('--events <file>', 'append what happens, as JSON lines, to a file or a pipe')
    .option('--json', 'print the results as JSON instead of a table')
    .addOption(allowInvalidOption())
    .addHelpText(
      'after',
      examples(
        'sweepline sweep',
        'sweepline sweep configs/local.yaml --max-conc 2',
        'sweepline sweep --repeat 5',
        'sweepline sweep --resume 20260101T120000.000Z',
        'nx run core:sweep --max-conc 2',
      ),
    );
}
