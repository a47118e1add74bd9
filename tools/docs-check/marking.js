// @ts-check
/** Blocks that would pass unchecked: an unknown language or an unknown word after it, commands without a language. */

import { SHELL } from './shell.js';

/** @typedef {import('./documents.js').Document} Document @typedef {import('./documents.js').Block} Block */
/** @typedef {import('./problems.js').Problem} Problem */

const LANGUAGES = ['', 'text', 'bash', 'sh', 'ts', 'js', 'json', 'ndjson', 'yaml'];
const WORDS = ['skip', 'exit', 'background', 'file', 'of', 'output', 'numbers'];

const INSTALLS = /^\s*(npm (install|i|ci|create|init)|npx sweepline plugins (add|remove))\b/m;

/** @param {Document} document @returns {readonly Problem[]} */
export function markingProblems({ path, blocks }) {
  return blocks.flatMap((block) => {
    const message = problemOf(block);
    return message === undefined ? [] : [{ path, line: block.line, message }];
  });
}

/** @param {Block} block */
function problemOf({ language, meta, text }) {
  if (!LANGUAGES.includes(language))
    return `nothing checks ${language}; known languages: ${LANGUAGES.slice(1).join(', ')}`;
  const unknown = Object.keys(meta).find((word) => !WORDS.includes(word));
  if (unknown !== undefined)
    return `"${unknown}" has no meaning after a language; known words: ${WORDS.join(', ')}`;
  if (SHELL.includes(language) && !('skip' in meta) && INSTALLS.test(text))
    return 'this installs packages, which the check must not do: write skip="…"';
  if (meta['skip'] === '') return 'state why it is skipped: skip="…"';
  return language === '' && /^(\$ )?(npx |sweepline )/m.test(text)
    ? 'these are commands: write bash after the backticks'
    : undefined;
}
