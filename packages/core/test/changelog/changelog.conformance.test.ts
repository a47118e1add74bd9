import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { makeRepository, type Repository } from './repository.js';
import { describeRecorded, recordings } from '../recordings.js';

const ROOT = recordings('changelog');

interface Case {
  readonly id: string;
  readonly version: 'seed' | 'upstream';
  readonly argv: readonly string[];
  readonly caseDir: string;
  readonly expect: 'ok' | 'error';
  readonly stdoutFile?: string;
  readonly sameAsMultiset?: boolean;
  readonly lenient?: boolean;
}

const CASES = existsSync(join(ROOT, 'cases.json'))
  ? (JSON.parse(readFileSync(join(ROOT, 'cases.json'), 'utf8')) as readonly Case[])
  : [];

/** The version's configs with the case's files over them, at two commits tagged base and head. */
async function checkOut(repository: Repository, { version, caseDir }: Case): Promise<void> {
  for (const revision of ['base', 'head']) {
    cpSync(join(ROOT, 'inputs', version), repository.folder, { recursive: true });
    cpSync(join(ROOT, caseDir, revision), repository.folder, { recursive: true });
    await repository.commit(revision);
  }
}

/** Order of rows in a bucket, where the original's own order changes from run to run. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical).sort();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sorted(inner)]));
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

describeRecorded(ROOT, 'changelog, as recorded', () => {
  it.each(CASES.map((one) => [one.id, one] as const))('%s', async (_, one) => {
    await using repository = await makeRepository();
    await checkOut(repository, one);
    const { stdout, stderr, exitCode } = await repository.changelog(one.argv);
    if (one.expect === 'error') {
      expect(exitCode).not.toBe(0);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^(?:[A-Z_]+|error): \S/);
      return;
    }
    if (one.lenient === true && exitCode !== 0) return;
    const golden: unknown = JSON.parse(
      gunzipSync(readFileSync(join(ROOT, 'golden', one.stdoutFile ?? ''))).toString(),
    );
    const given: unknown = JSON.parse(stdout);
    if (one.sameAsMultiset === true) expect(sorted(given)).toEqual(sorted(golden));
    else expect(given).toEqual(golden);
  });
});
