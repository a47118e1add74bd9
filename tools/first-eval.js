// @ts-check
/** Writes the questions of the first eval, the same each time: `node tools/first-eval.js`. They ask to copy a word, to choose one, and to count on. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './bundle.js';

const FOLDER = join(ROOT, 'packages/evals/tasks/first');
const WORDS =
  'apple river stone cloud bread horse green table window garden silver candle winter summer bottle ladder monkey orange paper rocket school tiger violin yellow basket copper dragon engine forest guitar hammer island jacket kitchen lemonade mirror needle ocean pencil queen rabbit saddle ticket umbrella valley wagon zebra anchor butter castle desert eagle feather ginger harbor insect jungle kettle lion mountain napkin oyster pepper quilt ribbon salmon temple uncle velvet walnut album bridge circle doctor elbow farmer goose honey iron jewel kitten letter market nest onion planet quarry radio shadow thunder urban village whale yogurt arrow blanket camera dinner empire finger glove hotel ice juice king lamp milk north olive piano quiet road snow tree unit voice water year airport bicycle coffee dance evening flower glass house idea journey key library music night office people question rain sister train uniform visit world yard'.split(
    ' ',
  );

/** @typedef {{ kind: string, question: string, answer: string }} Doc */

/** @param {number} i @returns {string} */
const word = (i) => /** @type {string} */ (WORDS[i % WORDS.length]);
/** @param {number} from @param {number} to */
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

/** @type {readonly Doc[]} */
const docs = [
  ...WORDS.map((said) => ({ kind: 'repeat', question: `Repeat this word: ${said}`, answer: said })),
  ...range(0, 50).map((i) => {
    const list = [word(i), word(i + 40), word(i + 80)];
    return {
      kind: 'choose',
      question: `Which word is the last one in this list: ${list.join(', ')}`,
      answer: word(i + 80),
    };
  }),
  ...range(1, 51).map((i) => ({
    kind: 'next',
    question: `What comes next: ${i}, ${i + 1}, ${i + 2}, ${i + 3}`,
    answer: String(i + 4),
  })),
];
/** @type {readonly Doc[]} */
const examples = [
  { kind: 'repeat', question: 'Repeat this word: lemon', answer: 'lemon' },
  { kind: 'next', question: 'What comes next: 71, 72, 73, 74', answer: '75' },
  { kind: 'choose', question: 'Which word is the last one in this list: pen, door, hat', answer: 'hat' },
  { kind: 'repeat', question: 'Repeat this word: berry', answer: 'berry' },
];

/** @param {string} name @param {readonly Doc[]} all */
async function write(name, all) {
  await writeFile(join(FOLDER, name), all.map((doc) => `${JSON.stringify(doc)}\n`).join(''));
}

// Kinds in turn, so that the first questions are some of each.
const order = docs.map((doc, i) => ({ doc, key: (i * 81) % docs.length }));
await write(
  'questions.jsonl',
  order.sort((a, b) => a.key - b.key).map(({ doc }) => doc),
);
await write('examples.jsonl', examples);
console.log(`${docs.length} questions`);
