import { resolve } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import {
  EXIT,
  printable,
  runCommandLine,
  SweeplineError,
  type CommandContext,
  type Result,
  type RunCommand,
} from '@sweepline/core';
import { readPublicKey } from '../bundle/signing.js';
import type { Verdict } from '../reproduce/agreement.js';
import { obstaclesOf, type Obstacles } from '../reproduce/not-again.js';
import { reproduceBundle, whyIncomparable, type Undecided } from '../reproduce/reproduce-bundle.js';
import { notAgainText, reproducedText, verdictText } from '../reproduce/reproduced-text.js';
import { verifiedText } from '../verify/verified-text.js';
import { verifyBundle, type Verified } from '../verify/verify-bundle.js';

interface Options {
  readonly dryRun?: boolean;
  readonly unverified?: boolean;
  readonly key?: string;
  readonly repeat: number;
  readonly endpoint?: string;
  readonly json?: boolean;
}

const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  agrees: EXIT.ok,
  differs: EXIT.red,
  "can't say": EXIT.undecided,
};

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline reproduce')
      .description(
        "Lists what can't be had again of a bundle's measurement, runs its point, and says whether the numbers agree.",
      )
      .addArgument(new Argument('<bundle>', 'a file that `sweepline bundle` has written'))
      .option('--dry-run', 'list only; run nothing')
      .option('--repeat <n>', 'run it so often; the runs show the noise', count, 1)
      .option('--endpoint <url>', 'load this server: for points whose server Sweepline did not start')
      .option('--key <public>', 'the key that must have signed it, a PEM file')
      .option('--unverified', 'go on although the bundle was changed')
      .option('--json', 'JSON instead of text')
      .addHelpText(
        'after',
        `\nExit code: ${EXIT.ok} if it agrees, ${EXIT.red} if it differs beyond noise, ${EXIT.undecided} if that can't be said.`,
      ),
    async (command) => {
      const [bundle = ''] = command.args;
      return reproduce(context, bundle, command.opts<Options>());
    },
  );

async function reproduce(context: CommandContext, bundle: string, options: Options): Promise<number> {
  const { terminal } = context;
  const verified = await verifiedOrThrow(context, bundle, options);
  const result = resultOf(verified);
  const obstacles = await obstaclesOf(context, verified, result);
  const say = (text: string): void => {
    if (options.json !== true) terminal.stdout(printable(text));
  };
  const answer = (value: object): void => {
    if (options.json === true)
      terminal.stdout(`${JSON.stringify({ notAgain: obstacles.listed, ...value }, undefined, 2)}\n`);
  };
  say(notAgainText(obstacles.listed));
  if (options.dryRun === true) {
    if (obstacles.blocked !== undefined) say(`${obstacles.blocked}\n`);
    answer({ blocked: obstacles.blocked });
    return EXIT.ok;
  }
  const undecided = undecidable(result, obstacles, options);
  if (undecided !== undefined || result.state !== 'completed') {
    say(
      `${undecided?.why ?? ''}\n${verdictText({ verdict: "can't say", metrics: [], decider: undecided?.decider })}\n`,
    );
    answer({ verdict: "can't say", ...undecided });
    return EXIT_CODES["can't say"];
  }
  const { image, model, runner } = result.job;
  context.logger.info(
    printable(`runs what the bundle names: ${[image, model, runner].map(String).join(', ')}`),
  );
  const reproduced = await reproduceBundle(context, verified, result, options);
  say(reproducedText(reproduced));
  const { runs, differences, agreement } = reproduced;
  answer({ runs, differences, ...agreement });
  return EXIT_CODES[agreement.verdict];
}

/** @throws {SweeplineError} RESULT_INVALID for a bundle that was changed */
async function verifiedOrThrow(
  { cwd, signal, terminal, logger }: CommandContext,
  bundle: string,
  { key, unverified }: Options,
): Promise<Verified> {
  const verified = await verifyBundle(resolve(cwd, bundle), {
    signal,
    ...(key !== undefined && { key: await readPublicKey(resolve(cwd, key)) }),
  });
  if (verified.changes.length === 0) return verified;
  terminal.stderr(printable(verifiedText(verified)));
  if (unverified !== true)
    throw new SweeplineError('RESULT_INVALID', `${bundle} was changed after it was written`, {
      hint: 'Get it once more, or go on with it as it is: --unverified.',
    });
  logger.warn('the bundle was changed: this is not what it says was measured');
  return verified;
}

function resultOf({ result, path }: Verified): Result {
  if (result !== undefined) return result;
  throw new SweeplineError('RESULT_INVALID', `${path} has no result that can be read`);
}

function undecidable(result: Result, { blocked }: Obstacles, options: Options): Undecided | undefined {
  if (blocked !== undefined)
    return { why: blocked, decider: 'a workspace that has its plugins and a cluster with its hardware' };
  return whyIncomparable(result, options);
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

export default run;
