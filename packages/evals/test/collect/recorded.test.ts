import { cp, mkdtemp, readFile, rm, utimes, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectEvals, evalTables, type EvalDialect } from '../../src/collect/index.js';

interface Case {
  readonly id: string;
  readonly version: 'seed' | 'upstream';
  readonly group: string;
  readonly argv: readonly string[];
  readonly caseDir: string;
  readonly mtimes: Readonly<Record<string, number>> | null;
  readonly expect: 'ok' | 'error';
  readonly stdoutFile?: string;
  readonly aggFile?: string;
}

const FOLDER = join(process.env['SWEEPLINE_CONFORMANCE'] ?? '../../../shared/conformance', 'results');
const DEFAULT_TIME = 1_500_000_000;
const isHere = existsSync(join(FOLDER, 'cases.json'));
const cases = isHere
  ? (JSON.parse(await readFile(join(FOLDER, 'cases.json'), 'utf8')) as readonly Case[]).filter(
      ({ group }) => group === 'collect-evals',
    )
  : [];

describe.skipIf(!isHere)('collected evals, as InferenceX has them', () => {
  it.each(cases.map((one) => [one.id, one] as const))('%s', async (_, one) => {
    const root = await mkdtemp(join(tmpdir(), 'sweepline-evals-'));
    try {
      await cp(join(FOLDER, one.caseDir), root, { recursive: true });
      for (const path of await readdir(join(root, 'in'), { recursive: true }))
        await utimes(join(root, 'in', path), DEFAULT_TIME, one.mtimes?.[path] ?? DEFAULT_TIME);
      const dialect: EvalDialect = one.version === 'seed' ? '2026-02' : '2026-08';
      const sortBy = one.argv[2] === 'hw' ? 'hw' : 'model_prefix';
      const collected = collectEvals(join(root, 'in'), { dialect, sortBy });

      if (one.expect === 'error') {
        await expect(collected).rejects.toThrow(/meta_env\.json/);
        return;
      }
      const { rows } = await collected;
      const golden = async (file = ''): Promise<string> => readFile(join(FOLDER, 'golden', file), 'utf8');
      const recorded = JSON.parse(await golden(one.aggFile)) as readonly { readonly source: string }[];
      const bySource = (list: readonly object[]): readonly string[] =>
        list.map((row) => JSON.stringify(row)).sort();
      expect(bySource(rows)).toEqual(
        bySource(recorded.map((row) => ({ ...row, source: row.source.replace(/^in\//, '') }))),
      );
      expect(`${evalTables(rows, dialect)}\n`).toBe(await golden(one.stdoutFile));
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
