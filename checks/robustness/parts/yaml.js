// @ts-check
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dice, madeFolder } from '../cases.js';
import { cli, defectOf } from '../cli.js';
import { makeWorkspace } from '../workspace.js';

/** 78 hostile configs, each through validate, matrix and plan. @type {import('../cases.js').Part} */
export const yaml = {
  name: 'yaml',
  title: 'hostile YAML, each through validate, matrix and plan',
  claim:
    'refused with a reason, or harmless: no defect, no kill, at most a minute, no key of Object.prototype added',
  async cases(context) {
    const workspace = await makeWorkspace(context);
    return texts().map(([name, text], i) => ({
      name: `${String(i).padStart(2, '0')} ${name}`,
      async run() {
        const file = join(madeFolder(join(workspace, 'hostile')), `${i}.yaml`);
        writeFileSync(file, text);
        for (const command of ['validate', 'matrix', 'plan']) {
          const problem = defectOf(await cli([command, file], { cwd: workspace }));
          if (problem !== undefined) return `${command}: ${problem}`;
        }
        return undefined;
      },
    }));
  },
};

export const GOOD = `tiny:
  image: host
  model: synthetic:tiny
  model-prefix: tiny
  runner: cpu
  precision: int4
  framework: llamacpp
  multinode: false
  seq-len-configs:
    - { isl: 48, osl: 12, search-space: [{ tp: 1, conc-list: [1, 4] }] }
`;

/** @returns {(readonly [name: string, text: string | Buffer])[]} */
function texts() {
  return [...written(), ...mutated(78 - written().length)];
}

/** @param {string} from @param {string} to */
const changed = (from, to) => GOOD.replace(from, to);

/** @returns {(readonly [string, string | Buffer])[]} */
function written() {
  const laughs = [
    'a0: &a0 [x,x,x,x,x,x,x,x,x]',
    ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`),
  ];
  return [
    ['billion laughs', laughs.join('\n')],
    ['a cycle', 'tiny: &t\n  self: *t\n'],
    ['20,000 levels', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['2 MB of one value', `tiny: "${'x'.repeat(2_000_000)}"`],
    ['50,000 keys', Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['a JavaScript function', 'tiny: !!js/function "function () { process.exit(9) }"'],
    ['a Python object', 'tiny: !!python/object/apply:os.system ["exit 9"]'],
    ['binary', 'tiny: !!binary aGVsbG8='],
    ['__proto__ as key', `__proto__:\n  polluted: true\n${GOOD}`],
    ['__proto__ as field', changed('  image: host', '  __proto__: { polluted: true }\n  image: host')],
    ['constructor as key', GOOD.replace('tiny:', 'constructor:')],
    ['constructor as framework', changed('framework: llamacpp', 'framework: constructor')],
    ['hasOwnProperty as runner', changed('runner: cpu', 'runner: hasOwnProperty')],
    ['duplicate key', GOOD + GOOD],
    ['duplicate field', changed('  image: host', '  image: host\n  image: other')],
    ['two documents', `${GOOD}---\n${GOOD}`],
    ['UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le')],
    ['Latin-1', Buffer.from(changed('tiny:', 'tiné:'), 'latin1')],
    ['NUL', changed('image: host', 'image: "ho\\0st"')],
    ['a raw NUL', changed('image: host', 'image: ho\0st')],
    ['byte order mark', `\ufeff${GOOD}`],
    ['merge keys', `base: &b { image: host }\n${changed('  image: host', '  <<: *b')}`],
    ['sexagesimal', changed('isl: 48', 'isl: 1:30')],
    ['octal', changed('isl: 48', 'isl: 0o60')],
    ['hex', changed('isl: 48', 'isl: 0x30')],
    ['not a number', changed('isl: 48', 'isl: .nan')],
    ['infinite', changed('isl: 48', 'isl: .inf')],
    ['negative', changed('isl: 48', 'isl: -48')],
    ['a fraction', changed('osl: 12', 'osl: 1.5')],
    ['2^53', changed('isl: 48', 'isl: 9007199254740993')],
    ['concurrency 1e9', changed('[1, 4]', '[1000000000]')],
    ['concurrency 0', changed('[1, 4]', '[0]')],
    ['the same concurrency thrice', changed('[1, 4]', '[4, 4, 4]')],
    ['an empty list', changed('[1, 4]', '[]')],
    ['empty', ''],
    ['only a comment', '# nothing\n'],
    ['a scalar', 'hello'],
    ['a list', '- a\n- b\n'],
    ['null', '~'],
    ['tabs', GOOD.replaceAll('  ', '\t')],
    ['CRLF', GOOD.replaceAll('\n', '\r\n')],
    ['unclosed quote', changed('image: host', 'image: "host')],
    ['unclosed brace', changed('}] }', '}]')],
    ['an unknown alias', changed('image: host', 'image: *nowhere')],
    ['a Cyrillic letter in the framework', changed('llamacpp', 'llаmacpp')],
    ['a path as framework', changed('framework: llamacpp', 'framework: ../llamacpp')],
    ['a path as precision', changed('precision: int4', 'precision: ../../x')],
    ['a list as key', `? [a, b]\n: 1\n${GOOD}`],
    ['escape sequences', changed('tiny:', '"\\e]0;PWN\\a\\e[2J":')],
    ['a line of a workflow command in a key', changed('tiny:', '"x\\n::error::hi":')],
    ['true as model', changed('synthetic:tiny', 'true')],
    ['a map as model', changed('model: synthetic:tiny', 'model: { a: 1 }')],
    ['tp 0', changed('tp: 1', 'tp: 0')],
    ['tp 1e6', changed('tp: 1,', 'tp: 1000000,')],
  ];
}

/**
 * A good config with changed bytes, and with lines dropped, doubled and cut off. @param {number} count @returns {(readonly [string,
 * string])[]}
 */
function mutated(count) {
  return Array.from({ length: count }, (_, i) => {
    const next = dice(i + 1);
    const at = Math.floor(next() * GOOD.length);
    const lines = GOOD.split('\n');
    const line = Math.floor(next() * (lines.length - 1));
    const kinds = /** @type {const} */ ([
      ['cut off', () => GOOD.slice(0, at)],
      [
        'a byte turned',
        () => `${GOOD.slice(0, at)}${String.fromCharCode(33 + Math.floor(next() * 90))}${GOOD.slice(at + 1)}`,
      ],
      ['a line dropped', () => lines.filter((_, n) => n !== line).join('\n')],
      ['a line doubled', () => lines.flatMap((text, n) => (n === line ? [text, text] : [text])).join('\n')],
      ['a line further in', () => lines.map((text, n) => (n === line ? `    ${text}` : text)).join('\n')],
    ]);
    const [name, make] = kinds[i % kinds.length] ?? kinds[0];
    return [`${name} (${i})`, make()];
  });
}
