import { access, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { messageOf, SweeplineError } from '../../errors.js';
import { fileProblem } from '../../file-problem.js';
import type { RunRecord } from '../../load/records/record.js';
import { decodeRunRecord } from '../../load/records/read-records.js';
import type { LoadSpec } from '../../load/spec/spec.js';
import { TELEMETRY_FILE } from '../../measure/telemetry.js';
import { loadTokenizer } from '../../tokenizer/load-tokenizer.js';
import { builtinMetrics } from '../../metrics/builtin/index.js';
import { computeMetrics } from '../../metrics/compute.js';
import { concurrencyOf, concurrencySeries } from '../../metrics/concurrency.js';
import {
  DEFINITIONS,
  type Definition,
  type Recomputed,
  type Tools,
} from '../../metrics/definitions/index.js';
import { withEnergy } from '../../metrics/energy/energy.js';
import { decodeReadings, type Readings } from '../../metrics/energy/readings.js';
import { intervalsOf } from '../../metrics/intervals/intervals.js';
import { marksOf } from '../../metrics/marks.js';
import type { App } from '../app.js';
import { slos } from '../bench/pairs.js';
import { examples } from '../help.js';
import { isValidRun } from '../../metrics/marks.js';
import { invalidHead, tellMarks } from '../marks.js';
import {
  renderConcurrency,
  renderIntervals,
  renderRecomputed,
  renderSideBySide,
} from '../recomputed-text.js';

interface RecomputeOptions {
  readonly definitions: readonly Definition[];
  readonly goodput?: LoadSpec['slos'];
  readonly tokenizer?: string;
  readonly intervals?: boolean;
  readonly concurrency?: boolean;
  readonly json?: boolean;
}

export function metricsCommand(app: App): Command {
  return new Command('metrics').addCommand(recomputeCommand(app));
}

function recomputeCommand(app: App): Command {
  const names = DEFINITIONS.map(({ name }) => name);
  return new Command('recompute')
    .description("compute a run's metrics with Sweepline's definitions, or those of another tool")
    .argument('<records>', "a run's records.jsonl")
    .addOption(
      new Option('--definitions <names>', `comma-separated list of ${names.join(', ')}; or all`)
        .argParser(definitionsOf)
        .default(definitionsOf('sweepline'), 'sweepline'),
    )
    .option('--goodput <limits>', 'objectives for goodput in ms, such as ttft:200,tpot:30,e2el:9000', slos)
    .option(
      '--tokenizer <where>',
      'tokenizer for tools that tokenize output, if records have the text: a folder with tokenizer.json, or a repository in the Hugging Face cache',
    )
    .option('--intervals', "95 % intervals of Sweepline's numbers within this one run")
    .option('--concurrency', 'requests in flight over time')
    .option('--json', 'JSON instead of text')
    .addHelpText(
      'after',
      examples(
        'sweepline metrics recompute records.jsonl --definitions inferencex,vllm,aiperf',
        'sweepline metrics recompute records.jsonl --goodput ttft:200,tpot:30 --intervals --json',
      ),
    )
    .action(async (records: string, options: RecomputeOptions) => {
      const run = withObjectives(await readRecords(resolve(app.cwd, records)), options.goodput);
      app.terminal.stdout(render(run, options, await toolsOf(app, options), app.terminal.columns));
      tellMarks(app.logger, run);
    });
}

/** Number of parts of the window for which requests in flight are given. */
const PARTS = { text: 25, json: 100 };

function render(run: RunRecord, options: RecomputeOptions, tools: Tools, width: number): string {
  const { definitions, intervals, concurrency, json } = options;
  const recomputed = definitions.map((definition) => ({
    definition,
    result: definition.recompute(run, tools),
  }));
  const scatter = intervals ? intervalsOf(run, computeMetrics(run, builtinMetrics).intervals) : undefined;
  const series = (parts: number) => concurrencySeries(concurrencyOf(run.requests), run.window, parts);
  if (json) {
    const value = {
      valid: isValidRun(run),
      marks: marksOf(run),
      definitions: recomputed.map(toJson),
      ...(scatter && { intervals: scatter }),
      ...(concurrency && { concurrency: series(PARTS.json) ?? null }),
    };
    return `${JSON.stringify(value, undefined, 2)}\n`;
  }
  const head = invalidHead(run);
  const tables = recomputed.map(({ definition, result }) => renderRecomputed(definition, result));
  const beside = recomputed.length > 1 ? [renderSideBySide(recomputed, width)] : [];
  const over = concurrency ? [renderConcurrency(series(PARTS.text))] : [];
  return head + [...beside, ...tables, ...(scatter ? [renderIntervals(scatter)] : []), ...over].join('\n');
}

function toJson({ definition, result }: { readonly definition: Definition; readonly result: Recomputed }) {
  const { values, unknown, notes } = result;
  return { name: definition.name, source: definition.source, values, unknown, notes };
}

async function toolsOf(app: App, { tokenizer: where }: RecomputeOptions): Promise<Tools> {
  if (where === undefined) return {};
  const path = resolve(app.cwd, where);
  const isPath = await access(path).then(
    () => true,
    () => false,
  );
  const tokenizer = await loadTokenizer(isPath ? path : where, app.env);
  return { countTokens: (text) => tokenizer.encode(text).length };
}

async function readRecords(file: string): Promise<RunRecord> {
  const hint = "Name a run's records.jsonl; a sweep keeps one in the folder of each point.";
  const notRead = (why: string, cause: unknown): SweeplineError =>
    new SweeplineError('RESULT_READ_FAILED', `can't read the records: ${why}`, {
      where: { file },
      hint,
      cause,
    });
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw notRead(fileProblem(cause), cause);
  });
  try {
    return withEnergy(decodeRunRecord(bytes), await readingsNextTo(file));
  } catch (thrown) {
    if (!(thrown instanceof SweeplineError)) throw notRead(messageOf(thrown), thrown);
    // A file that doesn't begin like records is another kind of file.
    if (thrown.where.line === 1) throw notRead('this is not a records file', thrown);
    throw thrown.at({ file });
  }
}

/** A sweep keeps the readings of the devices next to the records. */
async function readingsNextTo(records: string): Promise<Readings | undefined> {
  const text = await readFile(join(dirname(records), TELEMETRY_FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : decodeReadings(text);
}

/** The run as if these objectives had been asked for. */
function withObjectives(run: RunRecord, goodput: LoadSpec['slos']): RunRecord {
  return goodput === undefined ? run : { ...run, spec: { ...run.spec, slos: goodput } };
}

function definitionsOf(text: string): readonly Definition[] {
  if (text === 'all') return DEFINITIONS;
  return text.split(',').map((name) => {
    const found = DEFINITIONS.find((definition) => definition.name === name);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(
      `${name} is not one of ${DEFINITIONS.map((known) => known.name).join(', ')}`,
    );
  });
}
