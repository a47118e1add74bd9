import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SweeplineError } from '../../src/errors.js';
import { parseYaml } from '../../src/config/yaml/parse.js';

const read = (text: string) => parseYaml(text, 'a.yaml');
const valueOf = async (text: string) => (await read(text)).value;

/** The flaws of a text, as `line:column message`. */
async function flaws(text: string): Promise<readonly string[]> {
  const describe = ({ message, where }: SweeplineError) =>
    `${where.line ?? 0}:${where.column ?? 0} ${message}`;
  try {
    return (await read(text)).problems.map(describe);
  } catch (thrown) {
    if (!(thrown instanceof SweeplineError)) throw thrown;
    return (thrown.problems.length > 0 ? thrown.problems : [thrown]).map(describe);
  }
}

describe('plain scalars', () => {
  it.each([
    ['8', 8],
    ['-8', -8],
    ['0', 0],
    ['2_063_837', 2063837],
    ['0.8', 0.8],
    ['.5', 0.5],
    ['1.5e+3', 1500],
    ['true', true],
    ['False', false],
    ['null', null],
    ['~', null],
    ['', null],
  ])('%s is %j', async (text, value) => {
    expect(await valueOf(`a: ${text}`)).toEqual({ a: value });
  });

  it.each([
    'yes',
    'no',
    'on',
    'off',
    'y',
    '010',
    '0o17',
    '0x1F',
    '0b11',
    '1:30',
    '1e3',
    '1__0',
    '1_',
    '.inf',
    '.nan',
  ])('%s is text: YAML 1.1 and 1.2 read it differently, or it is no number of a config', async (text) => {
    expect(await valueOf(`a: ${text}`)).toEqual({ a: text });
  });

  it('in quotes are text', async () => {
    expect(await valueOf(`a: '8'\nb: "true"`)).toEqual({ a: '8', b: 'true' });
  });
});

describe('anchors, aliases and merges', () => {
  it('stand for what they name', async () => {
    expect(await valueOf('a: &x {tp: 8}\nb: *x\nc: {<<: *x, ep: 1}')).toEqual({
      a: { tp: 8 },
      b: { tp: 8 },
      c: { tp: 8, ep: 1 },
    });
  });

  it('keep places: a value behind an alias is where it was written', async () => {
    const { at } = await read('a: &x\n  tp: 8\nb: *x\n');
    expect(at(['b', 'tp'])).toEqual({ file: 'a.yaml', key: 'b.tp', line: 2, column: 3 });
  });
});

describe('places', () => {
  it('are those of keys, else of values, else of the nearest ancestor', async () => {
    const { at } = await read('# c\n"one":\n  - tp: 8\n  - { ep: "x" }\n');
    expect(at([])).toMatchObject({ line: 2, column: 1 });
    expect(at(['one'])).toMatchObject({ line: 2, column: 1 });
    expect(at(['one', 0])).toMatchObject({ line: 3, column: 5 });
    expect(at(['one', 1, 'ep'])).toMatchObject({ line: 4, column: 7 });
    expect(at(['one', 1, 'missing'])).toMatchObject({ line: 4, column: 5, key: 'one.1.missing' });
  });

  it('hold for any document', async () => {
    const key = fc
      .string({ minLength: 1, unit: 'grapheme-ascii' })
      .filter((text) => text !== '__proto__' && text !== '<<');
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), async (value) => {
        const text = JSON.stringify(value, undefined, 2);
        const document = await read(text);
        expect(document.value).toEqual(value);
        for (const path of keyPaths(value)) {
          const { line = 0, column = 0 } = document.at(path);
          const rest = text.split('\n')[line - 1]!.slice(column - 1);
          expect(rest.startsWith(`${JSON.stringify(path.at(-1))}:`)).toBe(true);
        }
      }),
    );
  });
});

function keyPaths(value: unknown, path: readonly PropertyKey[] = []): readonly PropertyKey[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return [...(Array.isArray(value) ? [] : [here]), ...keyPaths(inner, here)];
  });
}

describe('mistakes', () => {
  it('in keys are all told: those given twice and those that are no text', async () => {
    expect(await flaws('a: 1\nb: {x: 1, x: 2}\na: 3\n7: 4\n~: 5\n"8": 6\n')).toEqual([
      '2:11 the key "x" is given twice',
      '3:1 the key "a" is given twice',
      '4:1 expected a key that is text',
      '5:1 expected a key that is text',
    ]);
    expect(await flaws('? [a]\n: b\n')).toEqual(['1:3 expected a key that is text']);
  });

  it('in syntax are all told, each with its place', async () => {
    const found = await flaws('a: "x\nb: 1\n');
    expect(found.length).toBeGreaterThan(0);
    for (const flaw of found) expect(flaw).toMatch(/^\d+:\d+ can't be read as YAML: /);
    expect((await flaws('a: [1\nb: }\n')).length).toBeGreaterThan(1);
  });

  it.each([
    [
      'a: !!js/function "x"',
      "1:4 can't be read as YAML: unknown scalar tag !<tag:yaml.org,2002:js/function>",
    ],
    ['a: !!binary aGk=', "1:4 can't be read as YAML: unknown scalar tag !<tag:yaml.org,2002:binary>"],
    ['a: *x', `1:5 can't be read as YAML: unidentified alias "x"`],
    ['a: 1\n---\nb: 2\n', '2:1 expected one document, got 2'],
    ['__proto__: {a: 1}', '1:1 the key __proto__ is not allowed'],
  ])('%j: %s', async (text, flaw) => {
    expect(await flaws(text)).toEqual([flaw]);
  });
});
