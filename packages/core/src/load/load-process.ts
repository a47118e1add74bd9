import { readFile } from 'node:fs/promises';
import { EXIT, SweeplineError, messageOf, toSweeplineError } from '../errors.js';
import { secretsIn, secretsInHeader } from '../secrets.js';
import { cacheFolder, promptCacheIn } from './prompts/cache.js';
import { headerProblem } from './client/access.js';
import { runLoad, type RunHead, type RunSummary } from './run/run-load.js';
import { watchMachine } from './health/machine/machine.js';
import { ALIVE_EVERY_MS, ALIVE_LINE, encodeLoadEvent, type LoadEvent } from './records/progress.js';
import { recordsNotWritten, RecordsFile } from './records/records-file.js';
import { encodeFooter, encodeHeader } from './records/records.js';
import { loadSpecSchema, type LoadSpec } from './spec/spec.js';
import { cpuSeconds, stdinIsPipe } from './health/this-process.js';
import { startThread } from './run/threads.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';

/**
 * A load process: runs SPEC.json, appends records to its file as requests end, and writes progress to stdout as JSON lines.
 * SIGTERM, SIGINT, SIGHUP and, if stdin is a pipe, its end (the parent died) stop the run; the footer is still written. Resolves
 * with the exit code: 0 when the run was completed, even if requests failed.
 */
export async function runLoadWorker(
  specFile: string,
  write: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  const tell = (event: LoadEvent): void => write(encodeLoadEvent(event));
  const stop = new AbortController();
  const release = onStopRequest(() => stop.abort());
  // If the parent is gone, nobody reads stdout; the end of stdin reports that.
  process.stdout.on('error', () => {});
  const alive = setInterval(() => write(ALIVE_LINE), ALIVE_EVERY_MS).unref();
  try {
    const run = await runAndRecord(await readSpec(specFile), stop, tell);
    tell({ type: 'end', complete: run.complete });
    return run.complete ? EXIT.ok : EXIT.interrupted;
  } catch (thrown) {
    const error = toSweeplineError(thrown, 'INTERNAL');
    tell(errorEvent(error));
    return error.exitCode;
  } finally {
    clearInterval(alive);
    release();
  }
}

/** The event that a load process writes for an error that ends it. */
export function errorEvent({ code, message, where, hint, problems }: SweeplineError): LoadEvent {
  const details = problems.length > 0 ? problems.map(({ message }) => message).join('; ') : hint;
  return { type: 'error', code, message, where, hint: details };
}

async function runAndRecord(
  spec: LoadSpec,
  stop: AbortController,
  tell: (event: LoadEvent) => void,
): Promise<RunSummary> {
  const warn = (message: string): void => tell({ type: 'warning', message });
  const apiKey = readApiKey(spec);
  const headers = readHeaders(spec);
  const { recordsFile } = spec.output;
  const records = await RecordsFile.create(recordsFile, () => stop.abort());
  let begun = false;
  let broken: string | undefined;
  let idle: SweeplineError | undefined;
  const begin = async (head: RunHead): Promise<void> => {
    if (!begun) await records.write(encodeHeader(head));
    begun = true;
  };
  try {
    const tokenizer = await tokenizerOf(spec);
    const run = await runLoad(spec, {
      signal: stop.signal,
      apiKey,
      headers,
      secrets: [
        ...secretsIn(process.env),
        ...Object.entries(headers).flatMap(([name, value]) => secretsInHeader(name, value)),
      ],
      tokenizer,
      promptCache: promptCacheIn(cacheFolder(process.env), { onProblem: warn }),
      onWarning: warn,
      cpuSeconds,
      watchMachine: (clock) => watchMachine(spec.endpoint.baseUrl, clock),
      onProgress: tell,
      onStart: begin,
      onIdle: (error) => {
        idle = error;
        stop.abort();
      },
      onRecord: (record) => records.add(record),
      startThread: (task, signal) =>
        startThread(task, signal, (message) => {
          broken ??= message;
          stop.abort();
        }),
    });
    if (broken !== undefined) throw recordsNotWritten(recordsFile, broken);
    await begin(run);
    await records.settled();
    await records.write(encodeFooter(run));
    // Measured data is kept, as far as it goes.
    if (idle !== undefined) throw idle;
    return run;
  } finally {
    await records.close();
  }
}

async function readSpec(file: string): Promise<LoadSpec> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new SweeplineError('LOAD_SPEC_INVALID', `${file}: ${messageOf(cause)}`, { where: { file }, cause });
  }
  const result = loadSpecSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => {
    const key = path.join('.');
    return new SweeplineError('LOAD_SPEC_INVALID', `${key}: ${message}`, { where: { file, key } });
  });
  const keys = problems.map(({ where }) => where.key).join(', ');
  throw new SweeplineError('LOAD_SPEC_INVALID', `${file} is not a load spec: ${keys}`, {
    where: { file },
    problems,
  });
}

async function tokenizerOf({ tokenizer }: LoadSpec): Promise<Tokenizer | undefined> {
  if (tokenizer === undefined) return undefined;
  const { loadTokenizer } = await import('../tokenizer/load-tokenizer.js');
  return loadTokenizer(tokenizer, process.env);
}

function readApiKey({ endpoint }: LoadSpec): string | undefined {
  return endpoint.apiKeyEnv === undefined ? undefined : secretOf(endpoint.apiKeyEnv, 'endpoint.apiKeyEnv');
}

function readHeaders({ endpoint: { headersEnv = {} } }: LoadSpec): Readonly<Record<string, string>> {
  const headers = Object.entries(headersEnv).map(([name, variable]) => {
    const value = secretOf(variable, 'endpoint.headersEnv');
    const problem = headerProblem(name, value);
    if (problem === undefined) return [name, value];
    throw new SweeplineError('LOAD_SPEC_INVALID', problem, { where: { key: 'endpoint.headersEnv' } });
  });
  return Object.fromEntries(headers) as Record<string, string>;
}

/** The value of a variable. Secrets read from a file often end in a newline, which is removed: it would end the header. */
function secretOf(variable: string, key: string): string {
  const value = process.env[variable]?.trim();
  if (value !== undefined && value !== '') return value;
  throw new SweeplineError('LOAD_SPEC_INVALID', `environment variable ${variable} is not set`, {
    where: { key },
    hint: `Export it where the load process runs, or leave ${key} out`,
  });
}

const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Calls `stop` on a signal or at the end of a piped stdin, until the returned function is called. */
function onStopRequest(stop: () => void): () => void {
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  const piped = stdinIsPipe();
  if (piped) process.stdin.on('end', stop).on('error', stop).resume();
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
    if (piped) process.stdin.off('end', stop).off('error', stop).destroy();
  };
}
