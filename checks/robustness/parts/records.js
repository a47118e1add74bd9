// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dice, shared } from '../cases.js';
import { cli, defectOf } from '../cli.js';
import { honestServer } from '../servers.js';

/** @typedef {(lines: readonly string[]) => string | Buffer} Damage Damages a good file's lines: header, 24 requests, footer. */

/** @param {readonly string[]} lines */
const text = (lines) => `${lines.join('\n')}\n`;
/** @param {(line: string, index: number) => string} make @returns {Damage} Changes each request. */
const each = (make) => (lines) =>
  text(lines.map((line, i) => (i === 0 || i === lines.length - 1 ? line : make(line, i - 1))));
/** @param {string} field @param {string} value @returns {Damage} */
const set = (field, value) =>
  each((line, i) => (i === 5 ? line.replace(new RegExp(`"${field}":[^,}]+`), `"${field}":${value}`) : line));

/**
 * `refused`: it must not be accepted as a good file. `any`: any message is fine, but no defect. @type {Readonly<Record<string, readonly
 * ['refused' | 'any', Damage]>>}
 */
const DAMAGES = {
  'requests missing from the middle': ['refused', (lines) => text(lines.filter((_, i) => i < 8 || i > 14))],
  'one request missing': ['refused', (lines) => text(lines.filter((_, i) => i !== 8))],
  'one request twice': [
    'refused',
    (lines) => text(lines.flatMap((line, i) => (i === 8 ? [line, line] : [line]))),
  ],
  'all indices 0': ['refused', each((line) => line.replace(/"index":\d+/, '"index":0'))],
  'negative tokens': ['refused', set('outputTokens', '-5')],
  'fractional tokens': ['refused', set('outputTokens', '7.25')],
  'tokens of 1e308': ['refused', set('outputTokens', '1e308')],
  'tokens null': ['any', set('outputTokens', 'null')],
  'tokens as text': ['refused', set('outputTokens', '"4"')],
  'a negative index': ['refused', set('index', '-1')],
  'an index of 1e9': ['refused', set('index', '1000000000')],
  'an unknown state': ['refused', set('state', '"splendid"')],
  'sent before 0': ['any', set('sentMs', '-100')],
  'done before it was sent': ['any', set('doneMs', '0')],
  'an unknown field': ['any', each((line) => line.replace('{"index"', '{"mood":"good","index"'))],
  'no header': ['refused', (lines) => text(lines.slice(1))],
  'no footer': ['any', (lines) => text(lines.slice(0, -1))],
  'two footers': ['any', (lines) => text([...lines, lines.at(-1) ?? ''])],
  'two headers': ['refused', (lines) => text([lines[0] ?? '', ...lines])],
  'the last line cut': ['any', (lines) => text(lines).slice(0, -40)],
  'a line in the middle cut': ['refused', each((line, i) => (i === 5 ? line.slice(0, 40) : line))],
  empty: ['refused', () => ''],
  'only line ends': ['refused', () => '\n\n\n'],
  'another schema': [
    'refused',
    (lines) => text(lines).replace('sweepline.records/1', 'sweepline.records/99'),
  ],
  'not JSON': ['refused', () => 'hello\nworld\n'],
  binary: ['refused', () => Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 31) % 256))],
  CRLF: ['any', (lines) => lines.join('\r\n')],
  'a byte order mark': ['any', (lines) => `\ufeff${text(lines)}`],
  'blanks after colons': [
    'any',
    (lines) => text(lines.map((line) => JSON.stringify(JSON.parse(line)).replaceAll('":', '": '))),
  ],
  'NUL within a line': [
    'refused',
    each((line, i) => (i === 5 ? line.replace('"state"', '"st\0ate"') : line)),
  ],
  'arrivals that are not numbers': [
    'refused',
    each((line, i) => (i === 5 ? line.replace(/\[\d+/, '[x') : line)),
  ],
  'a changed byte (1)': ['any', (lines) => turned(text(lines), 1)],
  'a changed byte (2)': ['any', (lines) => turned(text(lines), 2)],
};

/** @type {import('../cases.js').Part} */
export const records = {
  name: 'records',
  title: 'damaged records files, by metrics recompute',
  claim: 'no defect; incomplete files are refused or reported as incomplete; impossible counts are marked',
  cases: (context) =>
    Object.entries(DAMAGES).map(([name, [expected, damage]]) => ({
      name,
      async run() {
        const lines = (await goodRecords(context)).trimEnd().split('\n');
        const file = join(context.folder, 'damaged.jsonl');
        writeFileSync(file, damage(lines));
        const ended = await cli(['metrics', 'recompute', file], { cwd: context.folder });
        const problem = defectOf(ended);
        if (problem !== undefined || expected === 'any') return problem;
        const isTaken =
          ended.code === 0 &&
          !/ended early|are missing|incomplete|impossible-usage/.test(ended.stdout + ended.stderr);
        return isTaken ? 'accepted as a complete file without a message' : undefined;
      },
    })),
};

/** @param {import('../cases.js').Context} context @returns {Promise<string>} */
function goodRecords(context) {
  return shared(context, 'records', async () => {
    const { url } = await honestServer(context);
    const file = join(context.folder, 'good.jsonl');
    const lengths = [
      '--random-input-len',
      '8',
      '--random-output-len',
      '4',
      '--num-prompts',
      '24',
      '--max-concurrency',
      '4',
    ];
    await cli(['bench', '--model', 'fake-model', '--base-url', url, ...lengths, '--keep-records', file], {
      cwd: context.folder,
    });
    return readFileSync(file, 'utf8');
  });
}

/** @param {string} whole @param {number} seed */
function turned(whole, seed) {
  const next = dice(seed);
  const at = Math.floor(next() * whole.length);
  return `${whole.slice(0, at)}${String.fromCharCode(33 + Math.floor(next() * 90))}${whole.slice(at + 1)}`;
}
