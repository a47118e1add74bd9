import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const CHECK = fileURLToPath(new URL('../../../checks/docker/run.js', import.meta.url));
const MINUTE_MS = 60_000;

describe('a real dockerd', () => {
  it(
    'starts containers that keep the contract, and a sweep whose records are what the server counted',
    (context) => {
      if (process.env['CI'] === undefined) context.skip('it starts a daemon only where CI is set');
      const { status, stdout, stderr } = spawnSync(process.execPath, [CHECK, '--short'], {
        encoding: 'utf8',
      });
      if (stdout.startsWith('skipped: ')) context.skip(stdout);
      expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
      expect(stdout).toContain('all as expected');
    },
    5 * MINUTE_MS,
  );
});
