import { relative, resolve } from 'node:path';
import { HELP, readArguments } from './arguments.js';
import { askKind, askName, Stopped, type Conversation } from './ask.js';
import { pluginFiles } from './files.js';
import { kindOf } from './kinds.js';
import { namesOf } from './names.js';
import { UsageError } from './usage-error.js';
import { writePackage } from './write.js';

/** The same codes as those of `sweepline`. */
const EXIT = { usage: 2, environment: 5, interrupted: 130 } as const;
const conversation: Conversation = { input: process.stdin, output: process.stderr };

try {
  await create(process.argv.slice(2));
} catch (error) {
  // The terminal is still in the question's line.
  const start = error instanceof Stopped ? '\n' : '';
  process.stderr.write(`${start}create-sweepline-plugin: ${(error as Error).message}\n`);
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Stopped) return EXIT.interrupted;
  return error instanceof UsageError ? EXIT.usage : EXIT.environment;
}

async function create(args: readonly string[]): Promise<void> {
  const given = readArguments(args);
  if (given.help) {
    process.stdout.write(HELP);
    return;
  }
  // Arguments are checked before the first question.
  const givenKind = given.kind === undefined ? undefined : kindOf(given.kind);
  const givenNames = given.name === undefined ? undefined : namesOf(given.name, given.plugin);
  const names = givenNames ?? namesOf(await askName(conversation), given.plugin);
  const kind = givenKind ?? (await askKind(conversation));
  const folder = resolve(given.folder ?? names.package.replace(/^@[^/]*\//, ''));
  const files = pluginFiles(kind, names);
  await writePackage(folder, files);
  const shown = relative('.', folder) || '.';
  process.stderr.write(`Made ${names.package}, ${kind} ${names.plugin}, in ${shown}. Next:\n\n`);
  const steps = [...(shown === '.' ? [] : [`cd ${shown}`]), 'npm install', 'npm test'];
  process.stderr.write(
    `${steps.map((step) => `  ${step}`).join('\n')}\n\nREADME.md there explains how to adapt it.\n`,
  );
}
