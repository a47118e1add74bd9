// @ts-check
/** Runs a document's blocks of commands one after another, in one folder, and compares their output with the output that it shows. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SHELL } from './shell.js';
import { showsOutput } from './output.js';
import { openWorkspace } from './workspace.js';

/** @typedef {import('./documents.js').Document} Document @typedef {import('./documents.js').Block} Block */
/** @typedef {import('./problems.js').Problem} Problem @typedef {import('./workspace.js').Outcome} Outcome */
/** @typedef {Awaited<ReturnType<typeof openWorkspace>>} Workspace */

/** Programs in documents that not every machine has. */
const FURTHER_PROGRAMS = ['jq'];

/** @typedef {{ readonly problems: readonly Problem[], readonly ran: number, readonly notRun: readonly Problem[] }} Executed */

/** @param {string} root @param {Document} document @returns {Promise<Executed>} */
export async function execute(root, document) {
  const { path, blocks, settings } = document;
  /** @type {Problem[]} */
  const problems = [];
  /** @type {Problem[]} */
  const notRun = [];
  if (!blocks.some(isRun)) return { problems, ran: 0, notRun };
  const workspace = await openWorkspace(root, { isEmpty: settings['workspace'] === 'empty' });
  let ran = 0;
  try {
    /** @type {Outcome | 'not run' | undefined} */
    let last;
    for (const block of blocks) {
      const { language, meta, text, line } = block;
      if (meta['file'] !== undefined) await workspace.write(meta['file'], text);
      const message = 'output' in meta && last !== 'not run' ? outputProblem(block, last) : undefined;
      if (message !== undefined) problems.push({ path, line, message });
      if (!SHELL.includes(language)) continue;
      last = undefined;
      if (!isRun(block)) continue;
      const missing = FURTHER_PROGRAMS.find((name) => text.includes(name) && !isInstalled(name));
      if (missing !== undefined) {
        notRun.push({ path, line, message: `not run: ${missing} is not installed here` });
        last = 'not run';
        continue;
      }
      const { outcome, problem } = await runBlock(workspace, block);
      ran += 1;
      last = outcome;
      if (problem !== undefined) problems.push({ path, line, message: problem });
    }
  } finally {
    await workspace[Symbol.asyncDispose]();
  }
  return { problems, ran, notRun };
}

/** @param {string} program */
function isInstalled(program) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** @param {Block} block */
function isRun({ language, meta }) {
  return SHELL.includes(language) && !('skip' in meta);
}

/** @param {Workspace} workspace @param {Block} block @returns {Promise<{ outcome?: Outcome, problem?: string | undefined }>} */
async function runBlock(workspace, { meta, text }) {
  if ('background' in meta) return { problem: await workspace.startServer(text) };
  const outcome = await workspace.run(text);
  const expected = Number(meta['exit'] ?? 0);
  if (outcome.code === expected) return { outcome };
  return {
    outcome,
    problem: `exit code ${outcome.code}, not ${expected}:\n${outcome.stderr}${outcome.stdout}`.trimEnd(),
  };
}

/** @param {Block} block @param {Outcome | undefined} last */
function outputProblem({ meta, text }, last) {
  if (last === undefined) return 'no command precedes this output';
  const printed = meta['output'] === 'stderr' ? last.stderr : last.stdout;
  const isShown = showsOutput(text, printed, { numbersVary: meta['numbers'] === 'vary' });
  return isShown ? undefined : `the command prints something else:\n${printed.trimEnd()}`;
}
