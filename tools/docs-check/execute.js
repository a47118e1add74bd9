// @ts-check
/** Runs a document's blocks of commands one after another, in one folder, and compares what the document shows of their output. */
import { SHELL } from './shell.js';
import { showsOutput } from './output.js';
import { openWorkspace } from './workspace.js';

/** @typedef {import('./documents.js').Document} Document @typedef {import('./documents.js').Block} Block */
/** @typedef {import('./problems.js').Problem} Problem @typedef {import('./workspace.js').Outcome} Outcome */
/** @typedef {Awaited<ReturnType<typeof openWorkspace>>} Workspace */

/** @param {string} root @param {Document} document @returns {Promise<{ readonly problems: readonly Problem[], readonly ran: number }>} */
export async function execute(root, document) {
  const { path, blocks, settings } = document;
  const ran = blocks.filter(isRun).length;
  if (ran === 0) return { problems: [], ran };
  const workspace = await openWorkspace(root, { isEmpty: settings['workspace'] === 'empty' });
  /** @type {Problem[]} */
  const problems = [];
  try {
    /** @type {Outcome | undefined} */
    let last;
    for (const block of blocks) {
      const { meta, text, line } = block;
      if (meta['file'] !== undefined) await workspace.write(meta['file'], text);
      const message = 'output' in meta ? outputProblem(block, last) : undefined;
      if (message !== undefined) problems.push({ path, line, message });
      if (!isRun(block)) continue;
      const { outcome, problem } = await runBlock(workspace, block);
      last = outcome;
      if (problem !== undefined) problems.push({ path, line, message: problem });
    }
  } finally {
    await workspace[Symbol.asyncDispose]();
  }
  return { problems, ran };
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
  if (last === undefined) return 'no command stands before this output';
  const printed = meta['output'] === 'stderr' ? last.stderr : last.stdout;
  const isShown = showsOutput(text, printed, { numbersVary: meta['numbers'] === 'vary' });
  return isShown ? undefined : `the command prints something else:\n${printed.trimEnd()}`;
}
