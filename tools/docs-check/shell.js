// @ts-check
/** Splits a block of shell text into simple commands, without running it. */
import { parse } from 'shell-quote';

/** Languages of blocks that a reader types. */
export const SHELL = ['bash', 'sh'];

/** @typedef {{ readonly words: readonly string[], readonly line: number }} SimpleCommand */

/** @param {string} text @param {number} firstLine @returns {readonly SimpleCommand[]} */
export function simpleCommands(text, firstLine) {
  return logicalLines(text, firstLine).flatMap(({ text: one, line }) =>
    splitCommands(one).map((words) => ({ words, line })),
  );
}

/** Joins lines that end in a backslash with the next one. @param {string} text @param {number} firstLine */
function logicalLines(text, firstLine) {
  /** @type {{ text: string, line: number }[]} */
  const made = [];
  let continued = false;
  for (const [index, line] of text.split('\n').entries()) {
    const last = made.at(-1);
    const part = line.replace(/\\$/, '');
    if (continued && last) last.text += ` ${part}`;
    else made.push({ text: part, line: firstLine + index });
    continued = line.endsWith('\\');
  }
  return made;
}

/** @param {string} text @returns {readonly (readonly string[])[]} */
function splitCommands(text) {
  /** @type {string[][]} */
  const commands = [[]];
  let isTarget = false; // the file of a redirection
  for (const token of parse(text, (name) => `$${name}`)) {
    const word = typeof token === 'string' ? token : 'pattern' in token ? token.pattern : undefined;
    if (word !== undefined) {
      if (!isTarget) commands.at(-1)?.push(word);
      isTarget = false;
    } else if (typeof token === 'object' && 'op' in token) {
      isTarget = /[<>]/.test(token.op);
      if (!isTarget) commands.push([]);
    }
  }
  return commands.map(withoutAssignments).filter((words) => words.length > 0);
}

/** Removes variables that are set for the command, and the file descriptor of a redirection. @param {readonly string[]} words */
function withoutAssignments(words) {
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  return first < 0 ? [] : words.slice(first);
}
