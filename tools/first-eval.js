// @ts-check
/** Writes the questions of the first eval, the same each time: `node tools/first-eval.js`. They are facts of arithmetic and of words. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './bundle.js';

const FOLDER = join(ROOT, 'packages/evals/tasks/first');
const WORDS =
  'apple river stone cloud bread horse green table window garden silver candle winter summer bottle ladder monkey orange paper rocket school tiger violin yellow basket copper dragon engine forest guitar'.split(
    ' ',
  );

/** @typedef {{ kind: string, question: string, answer: string }} Doc */

/** @param {number} i @param {number} step @returns {string} */
const word = (i, step = 1) => /** @type {string} */ (WORDS[(i * step) % WORDS.length]);
/** @param {number} from @param {number} to */
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

/** @type {readonly Doc[]} */
const docs = [
  ...range(0, 90).map((i) => {
    const said = i < WORDS.length ? word(i) : `${word(i)}${i}`;
    return { kind: 'repeat', question: `Repeat this word: ${said}`, answer: said };
  }),
  ...range(0, 90).map((i) => {
    const round = Math.floor(i / WORDS.length);
    const list = [word(i), word(i + 7 + round), word(i + 13 + 2 * round)];
    const at = i % 2 === 0 ? 0 : 2;
    const question = `Which word is the ${at === 0 ? 'first' : 'last'} one in this list: ${list.join(', ')}`;
    return { kind: 'choose', question, answer: /** @type {string} */ (list[at]) };
  }),
  ...range(1, 10).flatMap((a) =>
    range(1, 10)
      .filter((b) => a + b < 10)
      .map((b) => ({ kind: 'add', question: `What is ${a} + ${b}?`, answer: String(a + b) })),
  ),
  ...range(1, 25).map((i) => ({
    kind: 'next',
    question: `Which number comes after ${i}?`,
    answer: String(i + 1),
  })),
];
/** @type {readonly Doc[]} */
const examples = [
  { kind: 'repeat', question: 'Repeat this word: lemon', answer: 'lemon' },
  { kind: 'add', question: 'What is 5 + 0?', answer: '5' },
  { kind: 'choose', question: 'Which word is the last one in this list: pen, door, lamp', answer: 'lamp' },
  { kind: 'next', question: 'Which number comes after 30?', answer: '31' },
];

/** @param {string} name @param {readonly Doc[]} all */
async function write(name, all) {
  await writeFile(join(FOLDER, name), all.map((doc) => `${JSON.stringify(doc)}\n`).join(''));
}

// Kinds in turn, so that the first questions are some of each.
const order = docs.map((doc, i) => ({ doc, key: (i * 77) % docs.length }));
await write(
  'questions.jsonl',
  order.sort((a, b) => a.key - b.key).map(({ doc }) => doc),
);
await write('examples.jsonl', examples);
console.log(`${docs.length} questions`);
