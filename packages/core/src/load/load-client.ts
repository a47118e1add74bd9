import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { PromptsWork } from './prompts/prompt-thread.js';
import type { SendingWork } from './run/shard.js';

/*
 * The load process as a program, `node load-client.mjs SPEC.json`, and also the entry point of its threads: the client bundle
 * needs only one file. Each imports only what it needs.
 */

/** Anything a codec leaves running can delay the exit by this much at most, ms. */
const LINGER_MS = 2_000;

if (isMainThread) await main(process.argv[2]);
else if (parentPort !== null) await work(parentPort, workerData as SendingWork | PromptsWork);

async function main(specFile: string | undefined): Promise<void> {
  const { EXIT } = await import('../errors.js');
  if (specFile === undefined) {
    process.stderr.write('usage: node load-client.mjs SPEC.json\n');
    process.exitCode = EXIT.usage;
    return;
  }
  const { claimStdout } = await import('../claim-stdout.js');
  const { encodeLoadEvent } = await import('./records/progress.js');
  const { errorEvent, runLoadWorker } = await import('./load-process.js');
  const { outsideOfCalls } = await import('../watch/outside-of-calls.js');
  const write = claimStdout();
  const die = (what: string, thrown: unknown): void => {
    const error = outsideOfCalls(what, thrown);
    write(encodeLoadEvent(errorEvent(error)));
    process.exit(error.exitCode);
  };
  process.on('uncaughtException', (thrown) => die('threw', thrown));
  process.on('unhandledRejection', (thrown) => die('left a promise rejected', thrown));
  const exitCode = await runLoadWorker(specFile, write);
  process.exitCode = exitCode;
  setTimeout(() => process.exit(exitCode), LINGER_MS).unref();
}

async function work(port: MessagePort, { does, task }: SendingWork | PromptsWork): Promise<void> {
  if (does === 'send') {
    const { serveShard } = await import('./run/thread.js');
    await serveShard(task, port);
  } else {
    const { makeTexts } = await import('./prompts/prompt-thread.js');
    port.postMessage(await makeTexts(task));
  }
}
