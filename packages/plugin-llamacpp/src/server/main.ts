/**
 * An OpenAI-compatible server over node-llama-cpp. Lines on stdout: `listening` once the socket is open, `settings` once the model is
 * loaded, `request` for every finished request, `summary` at the end. Errors go to stderr.
 */
import { fstatSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { cachedSyntheticModel } from '../gguf/cache.js';
import { requireEngine } from '../engine/installed.js';
import { isSynthetic, syntheticSize } from '../gguf/sizes.js';
import type { CompletionService } from './completions.js';
import { parseFlags, type ServerFlags } from './flags.js';
import { createRoutes } from './routes.js';
import { Tally, logLine } from './tally.js';

/** Milliseconds that a shutdown waits for the current batch: freeing memory under a native thread could crash. */
const SHUTDOWN_GRACE_MS = 2000;
/** Milliseconds that a connection may be idle; longer than any pause in a benchmark's load. */
const KEEP_ALIVE_MS = 600_000;

const print = (line: string) => process.stdout.write(line);

function fail(error: unknown): never {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2), process.env);
  requireEngine();
  const tally = new Tally(print);
  let service: CompletionService | undefined;
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS },
    createRoutes(() => service),
  );
  stopOnRequest(flags, () => shutdown(server, service, tally));
  // The socket is opened before the model is loaded, so that /health can report progress.
  await listen(flags, server);
  service = await load(flags, tally);
}

async function listen({ host, port }: ServerFlags, server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`address already in use: ${host}:${port}`) : error);
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  print(logLine('listening', { url: `http://${host}:${actual}` }));
}

async function load(flags: ServerFlags, tally: Tally): Promise<CompletionService> {
  const { model, seed, cacheDir, alias } = flags;
  const modelPath = isSynthetic(model)
    ? await cachedSyntheticModel(cacheDir, syntheticSize(model), seed)
    : model;
  // Imported only now, because loading llama.cpp's bindings would delay opening the socket.
  const { loadEngine } = await import('../engine/engine.js');
  const engine = await loadEngine({
    modelPath,
    parallel: flags.parallel,
    contextSize: flags.ctxSize,
    batchSize: flags.batchSize,
    threads: flags.threads,
    log: (message) => process.stderr.write(`${message.trimEnd()}\n`),
  });
  print(logLine('settings', { ...engine.settings, model, ...(isSynthetic(model) && { seed }) }));
  let requests = 0;
  return { engine, alias, tally, nextId: () => ++requests };
}

function stopOnRequest(flags: ServerFlags, stop: () => Promise<void>): void {
  let stopping: Promise<void> | undefined;
  const stopOnce = () => void (stopping ??= stop().catch(fail));
  // Not `once`: a dependency's signal handler kills the process if it finds no other handler left.
  process.on('SIGTERM', stopOnce);
  process.on('SIGINT', stopOnce);
  if (flags.exitWithParent && stdinIsPipe()) process.stdin.resume().once('close', stopOnce);
}

/** Not for /dev/null, which is at its end from the start. */
function stdinIsPipe(): boolean {
  const stdin = fstatSync(0);
  return stdin.isFIFO() || stdin.isSocket();
}

async function shutdown(server: Server, service: CompletionService | undefined, tally: Tally): Promise<void> {
  setTimeout(() => process.exit(0), SHUTDOWN_GRACE_MS);
  server.close();
  server.closeAllConnections();
  await service?.engine.scheduler.drain();
  tally.summarize();
  process.exit(0);
}

await main().catch(fail);
