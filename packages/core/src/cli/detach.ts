import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import type { App } from './app.js';
import { timestamp } from './run-folder.js';
import { STARTER_MARKS } from './starters.js';
import { VERBOSE } from './verbosity.js';

/** What a sweep says that no terminal sees, in its run's folder. */
export const DETACHED_LOG = 'sweep.log';
/** Set for a sweep whose parent waits for the name of its run. */
const DETACHED = 'SWEEPLINE_DETACHED';

interface Message {
  readonly run: string;
}

/**
 * Starts the same command as a process that neither a terminal nor npx ends, and waits until it has a run or has ended.
 * @returns the exit code: that of a sweep that has no run
 */
export async function detach(app: App, resultsDir: string): Promise<number> {
  await makeFolder(resultsDir);
  const log = join(resultsDir, `.detached-${timestamp(new Date())}.log`);
  const file = await open(log, 'ax');
  const asked = app.args.filter((argument) => argument !== '--detach');
  const [program = '', ...args] = [...app.selfCommand, ...asked, ...(app.verbose ? [VERBOSE] : [])];
  const marks = Object.fromEntries(STARTER_MARKS.map((name) => [name, undefined]));
  const child = spawn(program, args, {
    cwd: app.cwd,
    env: { ...app.env, ...marks, [DETACHED]: '1' },
    detached: true,
    stdio: ['ignore', file.fd, file.fd, 'ipc'],
  });
  const begun = once(child, 'message') as Promise<[Message]>;
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const first = await Promise.race([begun, ended]);
  await file.close();
  const [answer] = first;
  if (answer === null || typeof answer === 'number') {
    app.terminal.stderr(await readFile(log, 'utf8'));
    await rm(log);
    return answer ?? EXIT.jobFailed;
  }
  await rename(log, join(answer.run, DETACHED_LOG));
  child.disconnect();
  child.unref();
  app.logger.info(`process ${child.pid} measures ${answer.run}`);
  app.logger.info('sweepline attach shows what it says, status how it stands, stop ends it');
  return EXIT.ok;
}

/** Names the run of a detached sweep to the process that has started it. */
export function tellRun({ env }: App, run: string): void {
  if (env[DETACHED] === undefined || process.send === undefined) return;
  process.send({ run } satisfies Message, () => process.disconnect());
}
