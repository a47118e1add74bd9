// @ts-check
/** Parses the commands in documents with the program itself: finds unknown commands and options, wrong values, missing arguments. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { createApp } from '../../packages/core/dist/cli/container.js';
import { createProgram } from '../../packages/core/dist/cli/program.js';
import { messageOf } from './problems.js';
import { SHELL, simpleCommands } from './shell.js';

/** @typedef {import('./documents.js').Document} Document @typedef {import('./problems.js').Problem} Problem */

/** @param {string} root @param {Document} document @returns {Promise<readonly Problem[]>} */
export async function commandProblems(root, document) {
  const written = document.blocks
    .filter(({ language }) => SHELL.includes(language))
    .flatMap(({ text, line }) => simpleCommands(text, line));
  const mentioned = document.inlineCode
    .filter(({ text }) => /^(npx )?sweepline [a-z]/.test(text))
    .map(({ text, line }) => ({ words: text.split(/\s+/), line, isMention: true }));
  const found = [];
  for (const { line, words, ...rest } of [...written, ...mentioned]) {
    const message = 'isMention' in rest ? await mentionProblem(root, words) : await problemOf(root, words);
    if (message !== undefined)
      found.push({ path: document.path, line, message: `${words.join(' ')}: ${message}` });
  }
  return found;
}

/** @param {string} root @param {readonly string[]} words @returns {Promise<string | undefined>} */
async function problemOf(root, words) {
  const [program = '', ...args] = words;
  if (program === 'npx') return problemOf(root, args);
  if (program === 'sweepline') return parseProblem(root, args);
  if (program === 'nx' && args[0] === 'run') return nxProblem(root, args.slice(1));
  if (program === 'npm') return npmProblem(root, args);
  if (program === 'node' || program === 'bash') return fileProblem(root, args);
  return undefined;
}

/** The arguments of a target are passed to its command. @param {string} root @param {readonly string[]} args */
async function nxProblem(root, [target = '', ...args]) {
  if (target === 'core:sweep') return parseProblem(root, ['sweep', ...args]);
  const [project = '', name = ''] = target.split(':');
  const file = join(root, 'packages', project, 'package.json');
  if (!existsSync(file)) return `there is no project ${project}`;
  const { nx } = JSON.parse(readFileSync(file, 'utf8'));
  return nx?.targets?.[name] === undefined ? `${project} has no target ${name}` : undefined;
}

/** @param {string} root @param {readonly string[]} args */
function npmProblem(root, [command = '', ...args]) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (command === 'run')
    return args[0] !== undefined && args[0] in scripts ? undefined : `there is no script ${args[0]}`;
  if (command !== 'install' && command !== 'i') return undefined;
  const missing = args
    .filter((word) => word.startsWith('@sweepline/'))
    .find((name) => !existsSync(join(root, 'packages', name.replace('@sweepline/', ''), 'package.json')));
  return missing === undefined ? undefined : `this workspace has no package ${missing}`;
}

/** A program of the repository. @param {string} root @param {readonly string[]} args */
function fileProblem(root, args) {
  const file = args.find((word) => !word.startsWith('-'));
  if (file === undefined || !/^(\.ci|bench|checks|tools|packages)\//.test(file)) return undefined;
  return existsSync(join(root, file)) ? undefined : `there is no ${file}`;
}

/**
 * Words in a sentence: the command and its options must exist; other parts may be missing. @param {string} root @param {readonly string[]}
 * words
 */
async function mentionProblem(root, words) {
  const args = words.slice(words.indexOf('sweepline') + 1);
  const program = await programFor(root, args);
  let command = program;
  for (const word of args) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
  }
  if (command === program) return 'there is no such command';
  const known = new Set([...program.options, ...command.options].flatMap(({ long, short }) => [long, short]));
  const unknown = args
    .map((word) => word.split('=')[0] ?? word)
    .find((word) => word.startsWith('--') && word !== '--' && word !== '--help' && !known.has(word));
  return unknown === undefined ? undefined : `there is no ${unknown}`;
}

/** @param {string} root @param {readonly string[]} args */
async function parseProblem(root, args) {
  try {
    const program = await programFor(root, args);
    disarm(program);
    await program.parseAsync([...args], { from: 'user' });
    return undefined;
  } catch (thrown) {
    // Help and version.
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return undefined;
    return messageOf(thrown).replace(/^error: /, '');
  }
}

/** The program with the command that the arguments name. @param {string} root @param {readonly string[]} args */
function programFor(root, args) {
  const nothing = () => {};
  const app = createApp({
    cwd: root,
    args,
    env: {},
    execPath: process.execPath,
    terminal: { stdout: nothing, stderr: nothing, interactive: false, columns: 100, statusColumns: 100 },
    logger: { info: nothing, warn: nothing, error: nothing },
    signal: new AbortController().signal,
  });
  return createProgram(app);
}

/** Makes a command parse and then do nothing, also its subcommands. @param {import('commander').Command} command */
function disarm(command) {
  const isGroup = command.commands.length > 0 && command.registeredArguments.length === 0;
  // One with options of its own, besides subcommands, does something itself; the program does not.
  if (!isGroup || (command.parent !== null && command.options.length > 0)) command.action(() => {});
  for (const one of command.commands) disarm(one);
}
