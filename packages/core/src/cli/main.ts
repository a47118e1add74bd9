import { createApp } from './container.js';
import { createConsoleLogger } from './console-logger.js';
import { createProgram, runProgram } from './program.js';

/** The process: the only place that reads its arguments, environment and streams, and that ends it. */
const interrupt = new AbortController();
const terminal = {
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (text: string) => void process.stderr.write(text),
  interactive: process.stderr.isTTY,
  get columns() {
    return process.stderr.columns || 80;
  },
};
const logger = createConsoleLogger(terminal);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!interrupt.signal.aborted) logger.info('stopping; what has finished is kept');
    interrupt.abort();
  });
}

const app = createApp({
  cwd: process.cwd(),
  env: process.env,
  execPath: process.execPath,
  terminal,
  logger,
  signal: interrupt.signal,
});
process.exitCode = await runProgram(createProgram(app), process.argv, logger);
