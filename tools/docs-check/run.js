// @ts-check
/**
 * Checks documents: links, commands, code blocks. `npm run docs:check` checks all documents, `npm run docs:check README.md` only the named
 * ones; README.md next to this file explains the words after a block's language.
 */
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { codeProblems } from './code-blocks.js';
import { commandProblems } from './commands.js';
import { dataProblems } from './data-blocks.js';
import { documentPaths, readDocument } from './documents.js';
import { execute } from './execute.js';
import { linkProblems } from './links.js';
import { markingProblems } from './marking.js';
import { formatProblem } from './problems.js';

/** Their commands take minutes, or need things that a machine may not have: they are parsed, but not run. */
const BY_HAND = /^(bench|checks)\//;
/** packages/first-use runs them, with packages installed from their archives. */
const TESTED = /^(docs\/plugin-tutorial\.md$|packages\/create-sweepline-plugin\/)/;
/** Number of documents that run in parallel. */
const LANES = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { root: { type: 'string' }, 'no-run': { type: 'boolean', default: false } },
});
const root = resolve(values.root ?? fileURLToPath(new URL('../..', import.meta.url)));
const all = new Map(documentPaths(root).map((path) => [path, readDocument(root, path)]));
const chosen = positionals.map((path) => relative(root, resolve(path)));
const documents = [...all.values()].filter(({ path }) => chosen.length === 0 || chosen.includes(path));
const unknown = chosen.filter((path) => !all.has(path));
if (unknown.length > 0) throw new Error(`no document: ${unknown.join(', ')}`);

const problems = documents.flatMap((document) => linkProblems(root, all, document));
for (const document of documents) problems.push(...(await commandProblems(root, document)));
const own = documents.filter(({ path }) => !TESTED.test(path));
const markings = own.flatMap(markingProblems);
problems.push(...markings);
for (const document of own) problems.push(...(await dataProblems(document)));
problems.push(...(await codeProblems(root, own)));

let ran = 0;
const queue = values['no-run']
  ? []
  : own.filter(({ path }) => !BY_HAND.test(path) && !markings.some((one) => one.path === path));
await Promise.all(Array.from({ length: LANES }, runQueue));

for (const problem of problems) console.log(formatProblem(problem));
console.log(`${documents.length} documents, ${ran} blocks of commands run, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function runQueue() {
  for (let document = queue.shift(); document !== undefined; document = queue.shift()) {
    const { problems: found, ran: count, notRun } = await execute(root, document);
    for (const one of notRun) console.log(formatProblem(one));
    problems.push(...found);
    ran += count;
  }
}
