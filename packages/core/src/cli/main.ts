import { claimStdout } from '../claim-stdout.js';
import { EXIT } from '../errors.js';
import { printable } from '../printable.js';
import { COLOURED, PLAIN, printableInColour, type Style } from '../style.js';
import { showsColours } from './colours.js';
import { createApp } from './container.js';
import { createConsoleLogger } from './console-logger.js';
import { createMask, secretsIn } from '../secrets.js';
import { watchProcess } from './early-end.js';
import { createProgram, QUIET, runProgram, VERBOSE, VERBOSE_VARIABLE } from './program.js';
import { watchStarters } from './starters.js';

/** Columns of a table that is written to a file or a pipe. */
const WIDE = 160;
/** Columns of a terminal that doesn't say how many it has. */
const NARROW = 80;

/** Ends the progress line, behind which the terminal has put `^C`. */
const LINE_END = process.stderr.isTTY ? '\n' : '';

/** These count anywhere on the line: that they are wanted is often known once a command has been written, or has failed. */
const argv = process.argv.filter((argument) => argument !== VERBOSE && argument !== QUIET);
const verbose = process.argv.includes(VERBOSE) || Boolean(process.env[VERBOSE_VARIABLE]);

const mask = createMask(secretsIn(process.env));
const writeData = claimStdout();
const styleOf = (stream: NodeJS.WriteStream): Style => (showsColours(stream, process.env) ? COLOURED : PLAIN);
const [stdoutStyle, stderrStyle] = [styleOf(process.stdout), styleOf(process.stderr)];
const shown = stdoutStyle === PLAIN ? printable : printableInColour;
const terminal = {
  // Data goes into files and pipes as it is; on a screen nothing in it moves the cursor.
  stdout: (text: string) => writeData(process.stdout.isTTY ? shown(text) : text),
  stderr: (text: string) => void process.stderr.write(mask.text(text)),
  // A dumb one can't move its cursor.
  interactive: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
  screen: process.stdout.isTTY,
  quiet: process.argv.includes(QUIET),
  stdoutStyle,
  stderrStyle,
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

const early = watchProcess(() => logger.info(`${LINE_END}stopping; what has finished is kept`));

watchStarters(process.env, () => {
  logger.info(`${LINE_END}what has started this process has ended`);
  early.stop();
});

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
