import { claimStdout } from '../claim-stdout.js';
import { EXIT } from '../errors.js';
import { printable } from '../printable.js';
import { createApp } from './container.js';
import { createConsoleLogger } from './console-logger.js';
import { createMask, secretsIn } from '../secrets.js';
import { watchProcess } from './early-end.js';
import { createProgram, runProgram, VERBOSE_VARIABLE } from './program.js';

/** Columns of a table that is written to a file or a pipe. */
const WIDE = 160;
/** Columns of a terminal that doesn't say how many it has. */
const NARROW = 80;

/** Ends the progress line, behind which the terminal has put `^C`. */
const LINE_END = process.stderr.isTTY ? '\n' : '';

const mask = createMask(secretsIn(process.env));
const writeData = claimStdout();
const terminal = {
  // Data goes into files and pipes as it is; on a screen nothing in it moves the cursor.
  stdout: (text: string) => writeData(process.stdout.isTTY ? printable(text) : text),
  stderr: (text: string) => void process.stderr.write(mask.text(text)),
  interactive: process.stderr.isTTY,
  get columns() {
    return process.stdout.columns || WIDE;
  },
  get statusColumns() {
    return process.stderr.columns || NARROW;
  },
};
const logger = createConsoleLogger(terminal);

// Readers may leave early (`| head`, a terminal that is closed); that must not cost what is being measured.
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'EIO') return;
  logger.error(`can't write to stdout: ${error.message}`);
  process.once('exit', (code) => (process.exitCode = code || EXIT.environment));
});

/** Anywhere on the line: what is wrong is often asked after the command has failed. */
const VERBOSE = '--verbose';
const argv = process.argv.filter((argument) => argument !== VERBOSE);
const verbose = argv.length < process.argv.length || Boolean(process.env[VERBOSE_VARIABLE]);

const early = watchProcess(() => logger.info(`${LINE_END}stopping; what has finished is kept`));

const app = createApp({
  cwd: process.cwd(),
  args: argv.slice(2),
  verbose,
  env: process.env,
  execPath: process.execPath,
  terminal,
  logger,
  signal: early.signal,
  holdRun: early.holdRun,
});
void runProgram(createProgram(app), argv, logger, verbose).then(early.finish);
