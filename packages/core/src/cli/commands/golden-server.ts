import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { messageOf, SweeplineError } from '../../errors.js';
import { startGoldenServer, type GoldenServer } from '../../selftest/golden/golden-server.js';
import { goldenOptionsSchema, type GoldenInput } from '../../selftest/golden/options.js';
import { cpuSeconds, stdinIsPipe } from '../../load/health/this-process.js';
import { problemsOf } from '../../config/issues.js';
import { knownFields } from '../../config/known-fields.js';
import type { App } from '../app.js';
import { MOST_PROCESSES, serveWith, type ServerIo } from '../../selftest/golden-processes.js';
import { examples } from '../help.js';
import { positiveInteger } from '../options.js';

interface Options {
  readonly port?: number;
  readonly log?: string;
  readonly processes: number;
  readonly tlsKey?: string;
  readonly tlsCert?: string;
}

export function goldenServerCommand(app: App): Command {
  return new Command('golden-server')
    .argument(
      '[answers]',
      'JSON file that says how to answer; default: as fast as the client reads',
      json,
      {},
    )
    .option('--port <port>', 'port to listen on; default: a free one, printed on stdout', port)
    .option('--log <file>', 'file for its log of requests, as JSON lines, written when it stops')
    .option('--processes <n>', 'processes that share the connections', processes, 1)
    .option('--tls-key <file>', 'private key in PEM; with --tls-cert it speaks HTTPS')
    .option('--tls-cert <file>', 'certificate in PEM')
    .addHelpText(
      'after',
      examples(
        'sweepline golden-server --port 8000',
        `sweepline golden-server '{"ttftMs":200,"itlMs":20,"eventsPerWrite":1}' --port 8000 --log golden.jsonl`,
      ),
    )
    .action((answers: GoldenInput, options: Options, command: Command) => {
      if ((options.tlsKey === undefined) !== (options.tlsCert === undefined))
        command.error('error: --tls-key and --tls-cert must be used together');
      return serve(app, answers, options);
    });
}

async function serve(app: App, answers: GoldenInput, options: Options): Promise<void> {
  const log = options.log === undefined ? undefined : resolve(app.cwd, options.log);
  const io: ServerIo = {
    onListening: (url) => app.terminal.stdout(`${JSON.stringify({ url })}\n`),
    stopped: stopped(app.signal),
    ...(log !== undefined && { log }),
  };
  const server = (firstOrdinal: number): Promise<GoldenServer> =>
    serverOptions(app, answers, options).then((all) =>
      startGoldenServer({ ...all, firstOrdinal }, { cpuSeconds }),
    );
  try {
    await serveWith(options.processes, server, io);
  } finally {
    // Reading a pipe keeps the process alive.
    process.stdin.destroy();
  }
}

async function serverOptions(
  { cwd }: App,
  answers: GoldenInput,
  { port, log, tlsKey, tlsCert }: Options,
): Promise<GoldenInput> {
  const tls =
    tlsKey === undefined || tlsCert === undefined
      ? undefined
      : { key: await readText(resolve(cwd, tlsKey)), cert: await readText(resolve(cwd, tlsCert)) };
  return {
    ...answers,
    ...(port !== undefined && { port }),
    ...(tls && { tls }),
    // Nobody would read it.
    ...(log === undefined && { log: 'nothing' }),
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SweeplineError('CONFIG_NOT_FOUND', messageOf(cause), { where: { file }, cause });
  }
}

/** Stops on a signal, and when the parent process has ended. */
function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    if (stdinIsPipe()) process.stdin.on('end', resolve).on('error', resolve).resume();
  });
}

function json(text: string): GoldenInput {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
  const parsed = goldenOptionsSchema.safeParse(value);
  if (parsed.success) return value as GoldenInput;
  const checked = { value, at: () => ({}), code: 'USAGE', schema: goldenOptionsSchema } as const;
  const problems = problemsOf(parsed.error.issues, checked).map(({ message }) => message);
  throw new InvalidArgumentError(`${problems.join('; ')} Keys: ${goldenKeys().join(', ')}`);
}

function goldenKeys(): readonly string[] {
  return knownFields(goldenOptionsSchema, []);
}

function processes(text: string): number {
  const value = positiveInteger(text);
  if (value <= MOST_PROCESSES) return value;
  throw new InvalidArgumentError(`expected at most ${MOST_PROCESSES}`);
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected a port');
  return value;
}
