import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import {
  EXIT,
  SweeplineError,
  onOneLine,
  runCommandLine,
  textTable,
  toJson,
  type CommandContext,
  type RunCommand,
} from '@sweepline/core';
import { wilson } from '@sweepline/core/statistics';
import { TOOL, packagedTask } from '../plugins/packaged.js';
import type { Results } from '../run/results.js';
import { runEval, type Progress } from '../run/run-eval.js';
import { settingsSchema, type Settings } from '../run/settings.js';
import { readTask } from '../task/read-task.js';

interface Options {
  readonly baseUrl: string;
  readonly model: string;
  readonly concurrency?: string;
  readonly numFewshot?: string;
  readonly limit?: string;
  readonly seed?: string;
  readonly data?: readonly string[];
  readonly maxTokens?: string;
  readonly temperature?: string;
  readonly system?: string;
  readonly apiKeyEnv?: string;
  readonly output?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** The program with the thread that scores. */
const THREAD = new URL('../runner.js', import.meta.url);

function commandLine(): Command {
  return new Command('sweepline eval')
    .description(
      'Asks an OpenAI-compatible server the questions of a task of lm-evaluation-harness, and scores its answers as lm-eval does.',
    )
    .addArgument(new Argument('<task>', 'a task file, or @sweepline/evals/first'))
    .requiredOption('--base-url <url>', 'address of the server, without /v1')
    .requiredOption('--model <name>', "the served model's name")
    .option('--concurrency <n>', 'requests in flight', '1')
    .option('--num-fewshot <k>', "examples before each question, in place of the task's own number")
    .option('--limit <n>', 'ask the first questions only')
    .option('--seed <s>', 'draws the examples', '1234')
    .option('--data <split=file...>', 'file of a split: JSON lines, or Parquet')
    .option('--max-tokens <n>', "tokens of an answer at most, in place of the task's own number")
    .option('--temperature <t>', "in place of the task's own")
    .option('--system <text>', "system message before the task's description")
    .option('--api-key-env <name>', "environment variable that holds the server's key")
    .option('--output <folder>', 'where results.json and samples.jsonl go; eval-TASK if not given')
    .option('--resume', 'ask only what has no answer in that folder yet')
    .option('--json', 'write the results as JSON to stdout');
}

const run: RunCommand = (context) =>
  runCommandLine(context, commandLine(), async (command) => {
    const { terminal } = context;
    const options = command.opts<Options>();
    const settings = await settingsOf(command.args[0] ?? '', options, context);
    const progress = new ProgressLine(context);
    const { signal } = context;
    const results = await runEval(settings, {
      ...{ signal, thread: THREAD, env: process.env },
      onProgress: (now) => progress.show(now),
    }).finally(() => progress.end());
    terminal.stderr(`${notesOn(results).join('\n')}\n`);
    terminal.stdout(options.json === true ? toJson(results) : tableOf(results));
    terminal.stderr(`results.json and samples.jsonl are in ${onOneLine(settings.output)}\n`);
    return EXIT.ok;
  });

async function settingsOf(task: string, options: Options, { cwd }: CommandContext): Promise<Settings> {
  const file = packagedTask(task) ?? resolve(cwd, task);
  const { task: name } = await readTask(file, cwd);
  const { baseUrl, model, system, apiKeyEnv, resume = false } = options;
  const checked = settingsSchema.safeParse({
    ...{ tool: TOOL, task: file, baseUrl: baseUrl.replace(/\/v1\/?$/u, ''), model, resume, apiKeyEnv },
    data: dataOf(options.data ?? [], cwd),
    concurrency: numberOf(options.concurrency),
    numFewshot: numberOf(options.numFewshot),
    limit: numberOf(options.limit),
    seed: numberOf(options.seed),
    generation: {
      maxTokens: numberOf(options.maxTokens),
      temperature: numberOf(options.temperature),
      system,
    },
    output: resolve(cwd, options.output ?? `eval-${name}`),
  });
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.')}: ${message}`,
  );
  throw new SweeplineError('USAGE', problems.join('; '));
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return text.trim() === '' ? NaN : Number(text);
}

function dataOf(given: readonly string[], cwd: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((one) => {
      const at = one.indexOf('=');
      if (at < 1 || at === one.length - 1)
        throw new SweeplineError('USAGE', `--data ${one}: expected split=file, such as test=questions.jsonl`);
      return [one.slice(0, at), resolve(cwd, one.slice(at + 1))];
    }),
  );
}

function tableOf({ task, scores, samples }: Results): string {
  const rows = scores.map(({ metric, filter, value, stderr }) => {
    const { low, high } = wilson(value, samples);
    const error = stderr === undefined ? '' : `± ${stderr.toFixed(4)}`;
    return [
      task.name,
      metric,
      filter,
      value.toFixed(4),
      error,
      `${low.toFixed(4)}–${high.toFixed(4)}`,
      String(samples),
    ];
  });
  return textTable([['task', 'metric', 'filter', 'score', 'stderr', '95 % interval', 'questions'], ...rows]);
}

/** What a reader of the score should know. */
function notesOn({
  fewshot,
  seed,
  samples,
  of,
  truncated,
  empty,
  reasoning,
  retried,
}: Results): readonly string[] {
  const some = (count: number, what: string): readonly string[] => (count === 0 ? [] : [`${count} ${what}`]);
  return [
    `${fewshot} examples before each question, drawn with seed ${seed}`,
    ...(samples < of ? [`the first ${samples} of ${of} questions`] : []),
    ...some(truncated, 'answers ended at the limit of tokens'),
    ...some(empty, 'answers are empty'),
    ...some(reasoning, 'answers have no content: their reasoning was scored'),
    ...some(retried, 'answers needed more than one attempt'),
  ];
}

/** Milliseconds between two lines where a line can't be redrawn. */
const PERIOD_MS = 30_000;

class ProgressLine {
  private said = -Infinity;
  private isOpen = false;

  constructor(private readonly context: Pick<CommandContext, 'terminal'>) {}

  show({ done, of }: Progress): void {
    const { terminal } = this.context;
    if (!terminal.interactive && done < of && performance.now() - this.said < PERIOD_MS) return;
    this.said = performance.now();
    this.isOpen = terminal.interactive;
    terminal.stderr(terminal.interactive ? `\r${done} of ${of} answers` : `${done} of ${of} answers\n`);
  }

  end(): void {
    if (this.isOpen) this.context.terminal.stderr('\n');
  }
}

export default run;
