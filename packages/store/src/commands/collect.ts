import { readdir, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import {
  formatError,
  openJoinedRun,
  PARTS,
  readRunPart,
  runCommandLine,
  SweeplineError,
  toSweeplineError,
  type CommandContext,
  type RunCommand,
  type RunPart,
} from '@sweepline/core';
import { findRuns, type FoundRuns } from '../collect/find-runs.js';
import { joinParts } from '../collect/join-parts.js';
import { partNameOf } from '../collect/part-name.js';

/** The joined run lacks results. */
const PARTIAL = 1;

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline collect')
      .description(
        'Joins the runs that several jobs have left, each with a part of the points, into one. Their folders are only read. Joined again, the run is the same; with more of them, it grows.',
      )
      .addArgument(new Argument('<folder...>', 'folders that are searched for runs, at any depth'))
      .option(
        '--out <run>',
        'name of the joined run; default: that which has one of the runs already, or a new one',
      )
      .option('--take-over', 'also if a process that cannot be seen from here may be joining it'),
    async (command) => {
      const { out, takeOver = false } = command.opts<{ out?: string; takeOver?: boolean }>();
      const { cwd, resultsDir, logger, signal } = context;
      const { runs, noRuns } = await searched(command.args.map((path) => resolve(cwd, path)));
      for (const { path, reason } of noRuns) logger.warn(`left out: ${path}: ${reason}`);
      const { parts, unread } = await readParts(runs, context);
      if (parts.length === 0)
        throw new SweeplineError('RESULT_READ_FAILED', `no run in ${command.args.join(', ')}`, {
          hint: "Artifacts of InferenceX's are added with sweepline import.",
        });
      const folder = join(
        resultsDir,
        out === undefined ? await nameFor(resultsDir, parts) : checkedName(out),
      );
      await using joined = await openJoinedRun(folder, { takeOver });
      const itself = await realpath(folder);
      const others = parts.filter((part) => part.folder !== itself);
      const done = await joinParts(folder, joined, others, unread, signal);
      for (const remark of done.remarks) logger.warn(remark);
      const { state, reason } = done.run;
      logger.info(
        `${folder}: ${done.adopted} points added, ${done.run.points} in all, of ${others.length} runs`,
      );
      if (state === 'finished') return 0;
      logger.warn(`it is partial: ${reason ?? ''}`);
      return PARTIAL;
    },
  );

async function searched(folders: readonly string[]): Promise<FoundRuns> {
  const found: FoundRuns[] = [];
  for (const folder of folders)
    found.push(
      await findRuns(folder).catch((error: unknown) => {
        throw toSweeplineError(error, 'RESULT_READ_FAILED', { where: { file: folder } });
      }),
    );
  const runs = await Promise.all(found.flatMap((one) => one.runs).map((path) => realpath(path)));
  return { runs: [...new Set(runs)], noRuns: found.flatMap((one) => one.noRuns) };
}

interface ReadParts {
  readonly parts: readonly RunPart[];
  /** What could not be read, and may have had more points. */
  readonly unread: readonly string[];
}

async function readParts(folders: readonly string[], { logger, signal }: CommandContext): Promise<ReadParts> {
  const parts: RunPart[] = [];
  const unread: string[] = [];
  for (const folder of folders) {
    signal.throwIfAborted();
    try {
      const part = await readRunPart(folder);
      for (const problem of part.problems) logger.warn(`left out: ${formatError(problem)}`);
      if (mayLackPoints(part)) unread.push(`${part.run.id} may have had more points`);
      parts.push(part);
    } catch (error) {
      if (!(error instanceof SweeplineError)) throw error;
      logger.warn(`left out: ${formatError(error)}`);
      unread.push(`${basename(folder)} can't be read`);
    }
  }
  return { parts, unread };
}

/** Runs of before pointNames say only how many points they have. */
function mayLackPoints({ run, points }: RunPart): boolean {
  return run.pointNames === undefined && points.length < run.points;
}

/** The joined run that has one of the parts already, or a new one, named after the time of the first. */
async function nameFor(resultsDir: string, parts: readonly RunPart[]): Promise<string> {
  const wanted = new Set(parts.map(({ run: of }) => partNameOf(of)));
  const names = await readdir(resultsDir).catch(() => []);
  const joined: string[] = [];
  for (const name of names.sort()) {
    const known = await readdir(join(resultsDir, name, PARTS)).catch(() => []);
    if (known.some((part) => wanted.has(part))) joined.push(name);
  }
  if (joined.length > 1)
    throw new SweeplineError('USAGE', `several joined runs have some of these: ${joined.join(', ')}`, {
      hint: 'Name one of them with --out.',
    });
  const [first = ''] = [...wanted].sort();
  return joined[0] ?? `${first.replace(/-[^-]*$/, '')}-joined`;
}

function checkedName(name: string): string {
  if (/^\w[\w.+-]*$/.test(name)) return name;
  throw new SweeplineError('USAGE', `--out ${name} is no name of a run`, {
    hint: 'It is made in the folder of results: use letters, digits, -, _, + and dots.',
  });
}

export default run;
