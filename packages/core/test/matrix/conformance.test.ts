import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const BESIDE_THE_REPOSITORY = fileURLToPath(new URL('../../../../../shared/conformance', import.meta.url));
const ROOT = join(process.env['SWEEPLINE_CONFORMANCE'] ?? BESIDE_THE_REPOSITORY, 'matrix');

interface Case {
  readonly id: string;
  readonly version: 'seed' | 'upstream';
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly expect: 'ok' | 'error';
  readonly stdoutFile?: string;
  /** Quirks of Python, YAML 1.1 or loose coercion: the recorded output, a clear error, or success where it crashed. */
  readonly lenient: boolean;
}

function readCases(): readonly Case[] {
  return JSON.parse(readFileSync(join(ROOT, 'cases.json'), 'utf8')) as readonly Case[];
}

function golden({ stdoutFile = '' }: Case): unknown {
  return JSON.parse(gunzipSync(readFileSync(join(ROOT, 'golden', stdoutFile))).toString('utf8'));
}

const cases = existsSync(ROOT) ? readCases() : [];

describe.skipIf(cases.length === 0)(
  'sweepline matrix gives what InferenceX gives (recordings: $SWEEPLINE_CONFORMANCE)',
  () => {
    it.each(cases.map((one) => [one.id, one] as const))('%s', async (_, one) => {
      const { exitCode, stdout, stderr } = await runCli(['matrix', ...one.argv], join(ROOT, one.cwd));

      if (exitCode !== 0) {
        expect({ stdout, error: one.lenient || one.expect === 'error' ? '' : stderr }).toEqual({
          stdout: '',
          error: '',
        });
        expect(stderr).not.toBe('');
        return;
      }
      if (one.expect === 'ok') expect(JSON.parse(stdout)).toEqual(golden(one));
      else expect(one.lenient).toBe(true);
    });
  },
);
