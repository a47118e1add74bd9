import { describe, expect, it } from 'vitest';
import { SweeplineError } from '../../src/errors.js';
import { withEntry, type NewEntry } from '../../src/matrix/changelog/add-entry.js';
import { appendedBytes } from '../../src/matrix/changelog/appended.js';
import { mergeChangelogs } from '../../src/matrix/changelog/merge.js';
import { entry } from './fixtures.js';

const bytes = (text: string): Buffer => Buffer.from(text);
const side = (name: string, text: string) => ({ name, bytes: bytes(text) });
const merge = (base: string, ours: string, theirs: string) =>
  mergeChangelogs(side('base', base), side('ours', ours), side('theirs', theirs));

describe('bytes of a changelog', () => {
  const base = `${entry(['a'])}\n${entry(['b'])}`;

  it('may have others after them', () => {
    expect(appendedBytes(bytes(base), bytes(`${base}\nmore\n`), 'log').toString()).toBe('\nmore\n');
    expect(appendedBytes(bytes(base), bytes(base), 'log')).toHaveLength(0);
    expect(appendedBytes(bytes('x: 1'), bytes('x: 1\r\n'), 'log')).toHaveLength(2);
  });

  it.each<[string, string, number]>([
    [base.replaceAll('\n', '\r\n'), 'line 1 now ends with CRLF, and with LF', 1],
    [`\uFEFF${base}`, 'the byte order mark at the start was added', 1],
    [base.slice(0, -1), 'the newline at the end of the base was removed', 7],
    [base.replace('[b]', '[c]').replace('"b"', '"c"'), 'line 5 of the base is changed', 5],
    [`${entry(['z'])}${base}`, 'line 1 of the base is changed, removed, or has others before it', 1],
    [base.slice(0, base.indexOf('\n') + 5), 'text from line 2 on was removed', 2],
    ['', 'text from line 1 on was removed', 1],
  ])('are named where they changed', (head, message, line) => {
    const thrown = refusal(() => appendedBytes(bytes(base), bytes(head), 'log'));
    expect(thrown).toMatchObject({ code: 'CHANGELOG_DELETION', where: { file: 'log', line } });
    expect(thrown).toHaveProperty('message', expect.stringContaining(message));
  });

  it('may not go on in the last line', () => {
    const goesOn = () => appendedBytes(bytes('a: 1'), bytes('a: 12\n'), 'log');
    expect(refusal(goesOn)).toHaveProperty('message', 'the last line of the base goes on');
  });
});

describe('merge of two changelogs', () => {
  const base = entry(['a']);
  const [b, c, d] = [entry(['b']), entry(['c']), entry(['d'])];

  it('has the first, byte by byte, and then what the second appended', async () => {
    const ours = `${base}\n${b}`;
    const { text, fromFirst, fromSecond } = await merge(base, ours, `${base}${c}\n\n${d}`);
    expect(text).toBe(`${ours}\n${c}\n${d}`);
    expect([fromFirst, fromSecond]).toEqual([1, 2]);
  });

  it('has once what both appended, and keeps a side that appended nothing', async () => {
    expect(await merge(base, `${base}\n${b}`, `${base}\n${b}\n${c}`)).toMatchObject({
      ...{ text: `${base}\n${b}\n${c}`, fromFirst: 1, fromSecond: 1, inBoth: 1 },
    });
    expect((await merge(base, base, `${base}\n${b}`)).text).toBe(`${base}\n${b}`);
    expect((await merge('', b, c)).text).toBe(`${b}\n${c}`);
  });

  it('takes the line ends of the first, and mends a last line without one', async () => {
    const dos = (text: string) => text.replaceAll('\n', '\r\n');
    const { text } = await merge(dos(base), dos(`${base}\n${b}`), dos(base) + c.slice(0, -1));
    expect(text).toBe(dos(`${base}\n${b}\n${c}`));
  });

  it.each([
    ['an entry changed', `${base.replace('faster', 'slower')}${b}`],
    ['an entry removed', b],
    ['the last entry goes on', `${base}  evals-only: true\n`],
    ['no list', `${base}x: 1\n`],
    ['an unknown field', `${base}${b}  color: red\n`],
  ])('refuses a side with %s', async (_, theirs) => {
    await expect(merge(base, `${base}\n${c}`, theirs)).rejects.toMatchObject({
      where: { file: 'theirs' },
    });
  });
});

describe('an added entry', () => {
  const wanted: NewEntry = {
    ...{
      configKeys: ['dsr1-*'],
      description: ['Say "hi": # 1'],
      prLink: 'https://x.org/pull/1',
      evalsOnly: false,
    },
  };

  it('is written as the others are', async () => {
    const base =
      '- config-keys:\n  - a\n  description:\n  - "x"\n  pr-link: y\n- config-keys: [b]\n  description: [x]\n  pr-link: y\n';
    expect(await withEntry(bytes(base), { ...wanted, evalsOnly: true }, 'log')).toBe(
      `${base}- config-keys:\n  - dsr1-*\n  description:\n  - "Say \\"hi\\": # 1"\n  evals-only: true\n  pr-link: https://x.org/pull/1\n`,
    );
  });

  it('is set off by a blank line and has the line ends of the file', async () => {
    const base = entry(['a']).replaceAll('\n', '\r\n');
    const text = await withEntry(bytes(base), wanted, 'log');
    expect(text.startsWith(`${base}\r\n- config-keys:\r\n    - dsr1-*\r\n`)).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it.each([['*'], ['yes'], ['a: b'], ['1e3'], ['\u2028\u007f'], ['😀'], ['- x'], ['']])(
    'is read again as written, whatever its text: %j',
    async (text) => {
      const entryOf = { ...wanted, description: [text], prLink: text };
      expect(await withEntry(Buffer.alloc(0), entryOf, 'log')).toContain('description');
    },
  );

  it.each([
    ['a list in brackets', '[{ config-keys: [a], description: [x], pr-link: y }]\n'],
    [
      'a text of many lines that would grow',
      '- config-keys: [a]\n  description: [x]\n  pr-link: |+\n    y\n',
    ],
    ['an unfinished entry', '- config-keys: [a]\n'],
    ['another encoding', '\u00e4'],
  ])('is refused after %s', async (_, text) => {
    await expect(withEntry(Buffer.from(text, 'latin1'), wanted, 'log')).rejects.toBeInstanceOf(
      SweeplineError,
    );
  });
});

function refusal(run: () => unknown): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown;
  }
}
