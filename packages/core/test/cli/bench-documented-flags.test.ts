import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { REFUSED } from '../../src/cli/bench/foreign-flags.js';
import { addBenchOptions } from '../../src/cli/bench/options.js';

const page = await readFile(new URL('../../../../docs/bench-flags.md', import.meta.url), 'utf8');
const rows = [
  ...page.matchAll(/^\| `--([a-z0-9-]+)`\s*\| (vLLM|InferenceX|both)\s*\| ([^|]+?)\s*\| ([^|]*?)\s*\|$/gm),
].map(([, flag = '', of = '', here = '', note = '']) => ({ flag, of, here, note }));
const options = addBenchOptions(new Command()).options.map(({ long }) => long?.replace(/^--/, '') ?? '');

describe('docs/bench-flags.md', () => {
  it('has the flags of both clients, each once', () => {
    const flags = rows.map(({ flag }) => flag);
    expect(rows.length).toBeGreaterThan(100);
    expect(flags.filter((flag, index) => flags.indexOf(flag) < index)).toEqual([]);
    // A row of another form is read by nobody here.
    expect(page.match(/^\| `--/gm)).toHaveLength(rows.length);
  });

  it.each(rows)('says what becomes of --$flag', ({ flag, here, note }) => {
    if (here === 'same') {
      expect(options).toContain(flag);
      expect(REFUSED).not.toHaveProperty([flag]);
      return;
    }
    if (here === 'not here') expect(note).not.toBe('');
    else for (const [, name = ''] of here.matchAll(/`--([a-z-]+)`/g)) expect(options).toContain(name);
    // With its reason, where somebody tries it.
    expect(REFUSED).toHaveProperty([flag]);
  });

  it('leaves out none that is refused', () => {
    const listed = new Set(rows.map(({ flag }) => flag));
    expect(Object.keys(REFUSED).filter((flag) => !listed.has(flag))).toEqual([]);
  });
});
