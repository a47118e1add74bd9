import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/bench/find-max-rate/evidence.js';
import type { JudgedProbe } from '../../../src/bench/find-max-rate/find.js';
import { searchPage } from '../../../src/bench/find-max-rate/page.js';
import type { StoredSearch } from '../../../src/bench/find-max-rate/search-schema.js';
import { readSearch } from '../../../src/index.js';
import { DISCLAIMER } from '../../../src/report/index.js';

function probe(value: number, verdict: JudgedProbe['verdict'], evidence: Partial<Evidence>): JudgedProbe {
  const one: Evidence = { requests: 400, kept: 1, inflation: 1, ofLimit: 0.5, ...evidence };
  return {
    ...{ name: `01-rate-${value}`, value, isThorough: true, seconds: 4, verdict, leans: 'holds' },
    seen: {
      evidence: [one],
      earlier: [one],
      backlog: { mean: 1, grows: false, isSteady: true },
      isSettled: true,
    },
  };
}

const search: StoredSearch = {
  ...{ schema: 'sweepline.max-rate/1', sweepline: '1.2.3', startedAt: '2026-01-02T03:04:05.000Z' },
  ...{ model: 'acme/m', baseUrl: 'http://127.0.0.1:8000', quantity: 'rate', error: 0.02, how: 'bracket' },
  objectives: [{ share: 0.9, limits: { ttftMs: 60 } }],
  bracket: { holds: 10, fails: 20 },
  probes: [probe(20, 'fails', { kept: 0.5 }), probe(10, 'holds', {}), probe(14, 'open', { kept: 0.9 })],
};

const count = (page: string, pattern: RegExp) => page.match(pattern)?.length ?? 0;
const numbersIn = (text = '') => (text.match(/[\d.]+/g) ?? []).map(Number);

describe('the page of a search', () => {
  it('has every probe in its chart and in its table, by their values', () => {
    const page = searchPage(search);
    expect(count(page, /<g class="point (holds|fails|open)">/g)).toBe(3);
    expect([...page.matchAll(/<th scope="row">(\S+)<\/th>/g)].map(([, name]) => name)).toEqual([
      ...['01-rate-10', '01-rate-14', '01-rate-20'],
    ]);
    expect(page).toContain('Holds at 10 requests/s, fails at 20 requests/s');
    expect(page).toContain(DISCLAIMER);
    expect(page).not.toMatch(/(src|href)=|url\(|@import|<script|<link/i);
  });

  it('draws the bracket from where the objectives hold to where they fail', () => {
    const page = searchPage(search);
    const [from, , to] = numbersIn(/class="bracket" d="([^"]*)"/.exec(page)?.[1]);
    const marks = [...page.matchAll(/<g class="point (\w+)">[^]*?d="M([\d.]+) /g)];
    expect(Object.fromEntries(marks.map(([, verdict, x]) => [verdict, Number(x)]))).toMatchObject({
      holds: from,
      fails: to,
    });
    expect(from).toBeLessThan(to ?? 0);
  });

  it('has a chart for each objective, and none of what nothing is known of', () => {
    const objectives = [...search.objectives, { share: 0.99, limits: { tpotMs: 9 } }];
    expect(count(searchPage({ ...search, objectives }), /<svg[^>]* role="img"/g)).toBe(1);
    const [first] = search.probes;
    const both = {
      ...first!,
      seen: { ...first!.seen, evidence: [0, 1].map(() => first!.seen.evidence[0]!) },
    };
    expect(count(searchPage({ ...search, objectives, probes: [both] }), /<svg[^>]* role="img"/g)).toBe(2);
    const page = searchPage({ ...search, probes: [probe(1, 'open', { requests: 0 })], bracket: {} });
    expect(page).not.toContain('role="img"');
    expect(page).toMatch(/Nothing is decided/);
    expect(page).not.toContain('100.0 %');
  });

  it('says that a search goes on or was stopped', () => {
    expect(searchPage({ ...search, how: 'unfinished' })).toMatch(
      /class="notice"[^<]*goes on, or was stopped/,
    );
    expect(searchPage(search)).not.toContain('class="notice"');
  });

  it('says why nothing is decided', () => {
    const invalid = { ...probe(9, 'open', {}), invalid: 'slow-client: x' };
    const page = searchPage({ ...search, how: 'invalid', bracket: {}, probes: [invalid, invalid, invalid] });
    expect(page).toContain('none of 3 probes could be decided: loads were invalid');
    const scarce = searchPage({ ...search, how: 'wide', bracket: { fails: 20 } });
    expect(scarce).toMatch(/no lower rate was seen to hold .*within the limits of a probe/);
  });

  it('escapes what users and servers say', () => {
    const evil = '<script>"';
    const probes = [{ ...probe(1, 'open', {}), name: evil, invalid: evil }];
    const page = searchPage({ ...search, model: evil, baseUrl: evil, probes });
    expect(page).not.toMatch(/<script/i);
  });
});

describe('a search.json', () => {
  const read = async (content: object) => {
    const folder = await mkdtemp(join(tmpdir(), 'sweepline-search-'));
    try {
      await writeFile(join(folder, 'search.json'), JSON.stringify(content));
      return await readSearch(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it('is read with what a later Sweepline has added', async () => {
    const later = { ...search, tempo: 1, probes: [{ ...search.probes[0], tempo: 2 }] };
    expect(await read(later)).toEqual(later);
  });

  it('is refused where it is of a newer version, or is none', async () => {
    await expect(read({ ...search, schema: 'sweepline.max-rate/2' })).rejects.toThrow(
      /newer Sweepline wrote it \(sweepline\.max-rate\/2\); this one reads version 1/,
    );
    await expect(read({ ...search, bracket: { holds: 'x' } })).rejects.toMatchObject({
      code: 'RESULT_READ_FAILED',
    });
    await expect(readSearch('/nowhere')).rejects.toMatchObject({ code: 'RESULT_READ_FAILED' });
  });
});
