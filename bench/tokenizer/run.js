// @ts-check
/**
 * Compares the tokenizer with @huggingface/tokenizers, which reads the same files: CPU time to encode a text, in turn, and whether the ids
 * agree.
 *
 * node bench/tokenizer/run.js [--rounds N] [--tokenizer FOLDER]...
 *
 * It runs the code in dist, so build first. Without folders it takes the tests' tokenizers, which are small; use a model's for real
 * figures.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Tokenizer } from '@huggingface/tokenizers';
import { loadTokenizer } from '@sweepline/core/tokenizer';
import { medianInterval } from '../loadgen/median-interval.js';
import { median } from '../matrix/statistics.js';

const ROOT = resolve(import.meta.dirname, '../..');
const FIXTURES = join(ROOT, 'packages/core/test/fixtures/tokenizers');
/** Length of a text in characters. */
const PROSE_CHARS = 50_000;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, tokenizer: { type: 'string', multiple: true } },
});
const rounds = Number(values.rounds);
const folders = values.tokenizer ?? readdirSync(FIXTURES).map((name) => join(FIXTURES, name));

const prose = readFileSync(join(ROOT, 'docs/methodology.md'), 'utf8');
const texts = {
  prose: prose.repeat(Math.ceil(PROSE_CHARS / prose.length)).slice(0, PROSE_CHARS),
  'numbers and signs': '3.14159 * x_17 == {"a": [1, 2, 3]}; // 😀 ñ 漢字\n'.repeat(1000),
};

console.log('| tokenizer | text | ours, ms CPU | theirs | theirs / ours (95 %) | same ids |');
console.log('| --- | --- | ---: | ---: | ---: | --- |');
for (const folder of folders) {
  const read = (/** @type {string} */ file) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const ours = await loadTokenizer(folder, {}).catch(() => undefined);
  if (ours === undefined) continue;
  const theirs = new Tokenizer(read('tokenizer.json'), readOptional(read));
  for (const [name, text] of Object.entries(texts)) {
    const encode = {
      ours: () => [...ours.encode(text)],
      theirs: () => theirs.encode(text, { add_special_tokens: false }).ids,
    };
    /** @type {number[][]} */
    const pairs = [];
    for (let round = 0; round <= rounds; round += 1) {
      const pair = [cpuMs(encode.ours), cpuMs(encode.theirs)];
      if (round > 0) pairs.push(pair); // the first round warms both up
    }
    const ratios = pairs.map(([mine = 0, others = 0]) => others / mine);
    const { low, high } = medianInterval(ratios);
    const same = JSON.stringify(encode.ours()) === JSON.stringify(encode.theirs());
    const [mine, others] = [0, 1].map((at) => median(pairs.map((pair) => pair[at] ?? NaN)).toFixed(1));
    const ratio = `${median(ratios).toFixed(1)} (${low.toFixed(1)}..${high.toFixed(1)})`;
    console.log(
      `| ${folder.split('/').at(-1)} | ${name} | ${mine} | ${others} | ${ratio} | ${same ? 'yes' : 'no'} |`,
    );
  }
}

/** @param {(file: string) => unknown} read @returns {object} */
function readOptional(read) {
  try {
    return Object(read('tokenizer_config.json'));
  } catch {
    return {};
  }
}

/** @param {() => unknown} work */
function cpuMs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
