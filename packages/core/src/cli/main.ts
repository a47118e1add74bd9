import { createApp } from './container.js';
import { createConsoleLogger } from './console-logger.js';
import { createProgram, runProgram } from './program.js';

/** Columns of a table that is written to a file or a pipe. */
const WIDE = 160;

/** Ends the progress line, behind which the terminal has put `^C`. */
const LINE_END = process.stderr.isTTY ? '\n' : '';

const interrupt = new AbortController();
const terminal = {
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (text: string) => void process.stderr.write(text),
  interactive: process.stderr.isTTY,
  get columns() {
    return process.stdout.columns || WIDE;
  },
};
const logger = createConsoleLogger(terminal);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!interrupt.signal.aborted) logger.info(`${LINE_END}stopping; what has finished is kept`);
    interrupt.abort();
  });
}

const app = createApp({
  cwd: process.cwd(),
  args: process.argv.slice(2),
  env: process.env,
  execPath: process.execPath,
  terminal,
  logger,
  signal: interrupt.signal,
});
process.exitCode = await runProgram(createProgram(app), process.argv, logger);
