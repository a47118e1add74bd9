import { claimStdout } from '../claim-stdout.js';
import { EXIT } from '../errors.js';
import { printable } from '../printable.js';
import { COLOURED, PLAIN, printableInColour, type Style } from '../style.js';
import { showsColours } from './colours.js';
import { createApp } from './container.js';
import { createConsoleLogger } from './console-logger.js';
import { createMask, secretsIn } from '../secrets.js';
import { watchProcess } from './early-end.js';
import { createProgram, runProgram } from './program.js';
import { watchStarters } from './starters.js';
import { QUIET, VERBOSE, VERBOSE_VARIABLE } from './verbosity.js';

/** Width of a table in a file or a pipe, in columns. */
const WIDE = 160;
/** Width of a terminal that doesn't report one, in columns. */
const NARROW = 80;

/** Ends the progress line, after which the terminal has printed `^C`. */
const LINE_END = process.stderr.isTTY ? '\n' : '';

/** These count anywhere on the line: users often want them only after a command was typed, or has failed. */
const argv = process.argv.filter((argument) => argument !== VERBOSE && argument !== QUIET);
const verbose = process.argv.includes(VERBOSE) || Boolean(process.env[VERBOSE_VARIABLE]);

const mask = createMask(secretsIn(process.env));
const writeData = claimStdout();
const styleOf = (stream: NodeJS.WriteStream): Style => (showsColours(stream, process.env) ? COLOURED : PLAIN);
const [stdoutStyle, stderrStyle] = [styleOf(process.stdout), styleOf(process.stderr)];
const shown = stdoutStyle === PLAIN ? printable : printableInColour;
const terminal = {
  // Files and pipes get data unchanged; on a screen nothing in it may move the cursor.
  stdout: (text: string) => writeData(process.stdout.isTTY ? shown(text) : text),
  stderr: (text: string) => void process.stderr.write(mask.text(text)),
  // A dumb terminal can't move its cursor.
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
  get statusRows() {
    return process.stderr.rows || undefined;
  },
};
const logger = createConsoleLogger(terminal);

// Readers may leave early (`| head`, a closed terminal); that must not cost the measurement.
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || error.code === 'EIO') return;
  logger.error(`can't write to stdout: ${error.message}`);
  process.once('exit', (code) => (process.exitCode = code || EXIT.environment));
});

const early = watchProcess(() => logger.info(`${LINE_END}stopping; finished points are kept`));

watchStarters(process.env, () => {
  logger.info(`${LINE_END}the parent of this process has ended`);
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
