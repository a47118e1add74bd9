import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JOURNAL_FILE, openJournal, readJournal, type JournalEntry } from '../../src/schedule/journal.js';

let run = '';
beforeEach(async () => void (run = await mkdtemp(join(tmpdir(), 'sweepline-journal-'))));
afterEach(() => rm(run, { recursive: true }));

const TOKEN = '0123456789abcdef0123456789abcdef';
const ENTRIES: readonly JournalEntry[] = [
  { type: 'planned', plans: { a_conc1: 'one', 'ü "b"': 'two' } },
  { type: 'session-begun', token: TOKEN, runner: 'h200', launcher: 'slurm', points: ['a_conc1'] },
  { type: 'point-ended', name: 'a_conc1', state: 'failed', isValid: false, code: 'SERVER_DIED' },
];

const path = (): string => join(run, JOURNAL_FILE);

async function write(entries: readonly JournalEntry[]): Promise<void> {
  await using journal = await openJournal(run);
  for (const entry of entries) await journal.append(entry);
}

const types = async (): Promise<readonly string[]> =>
  (await readJournal(run)).entries.map(({ type }) => type);

describe('a journal', () => {
  it('gives back what was appended, numbered, over several processes', async () => {
    await write(ENTRIES.slice(0, 2));
    await write(ENTRIES.slice(2));

    const { entries, rest } = await readJournal(run);
    expect(entries).toMatchObject(ENTRIES.map((entry, index) => ({ v: 1, seq: index + 1, ...entry })));
    expect(rest).toBe(0);
  });

  it('keeps the order in which entries came, although nobody waits for them', async () => {
    await using journal = await openJournal(run);
    const names = Array.from({ length: 50 }, (_, index) => `p${index}`);
    await Promise.all(names.map((name) => journal.append({ type: 'point-begun', name })));

    expect((await readJournal(run)).entries.map((entry) => 'name' in entry && entry.name)).toEqual(names);
  });

  it('loses nothing before a last line that was cut at any byte, and goes on after it', async () => {
    await write(ENTRIES);
    const whole = await readFile(path());
    const lastBegins = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let cut = lastBegins; cut < whole.length; cut++) {
      await writeFile(path(), whole.subarray(0, cut));
      await write([{ type: 'point-begun', name: 'next' }]);

      expect(await types()).toEqual(['planned', 'session-begun', 'point-begun']);
      expect(await readJournal(run)).toMatchObject({ rest: 0, isDamaged: false });
    }
    expect(await readdir(run)).toEqual([JOURNAL_FILE]);
  });

  it('takes a line of zeros, as a power loss leaves them, for one that was cut', async () => {
    await write(ENTRIES.slice(0, 2));
    await writeFile(path(), Buffer.concat([await readFile(path()), Buffer.alloc(300)]));
    await write(ENTRIES.slice(2));

    expect(await types()).toEqual(['planned', 'session-begun', 'point-ended']);
  });

  it('keeps a copy of itself where a line before others was changed, and goes on before that', async () => {
    await write(ENTRIES);
    const text = await readFile(path(), 'utf8');
    await writeFile(path(), text.replace('h200', 'h100'));

    await using journal = await openJournal(run);

    expect(journal.before.map(({ type }) => type)).toEqual(['planned']);
    expect(await readFile(journal.damaged!, 'utf8')).toBe(text.replace('h200', 'h100'));
    await journal.append({ type: 'point-begun', name: 'next' });
    expect(await types()).toEqual(['planned', 'point-begun']);
  });

  it('keeps entries of types that a later version may write', async () => {
    await write([{ type: 'node-left-out', node: 'n1' } as unknown as JournalEntry]);

    expect(await types()).toEqual(['node-left-out']);
  });
});
