import { execFile, execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import { assertClientRuns } from '../../src/measure/client-bundle/assert-runs.js';
import { clientBundle, type ClientBundle } from '../../src/measure/client-bundle/client-bundle.js';
import { readElf } from '../../src/launch/bundle/elf.js';
import { writeClientBundle } from '../../src/measure/client-bundle/write-bundle.js';
import { startGoldenServer } from '../../src/selftest/golden/golden-server.js';
import { specFor } from '../load/specs.js';

const { signal } = new AbortController();

let root: string;
let folder: string;
let bundle: ClientBundle;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sweepline-client-'));
  folder = join(root, 'client #1 50%');
  bundle = await clientBundle();
  await writeClientBundle(bundle, folder);
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('assertClientRuns', () => {
  const local = createLocalExecutor();

  it('is content with a client that runs', async () => {
    await assertClientRuns(bundle, folder, local, signal);
  });

  it.each([
    [
      "/c/node: /lib64/libc.so.6: version `GLIBC_2.28' not found (required by /c/node)",
      /glibc is too old.*GLIBC_2\.28/,
    ],
    [
      "/c/node: /lib64/libstdc++.so.6: version `GLIBCXX_3.4.21' not found (required by /c/node)",
      /libstdc\+\+ is too old.*GLIBCXX_3\.4\.21/,
    ],
    [
      '/c/node: error while loading shared libraries: libstdc++.so.6: cannot open shared object file: No such file',
      /libstdc\+\+\.so\.6 is not installed/,
    ],
    ['exec /c/node: exec format error', /another architecture/],
    ['exec /c/node: no such file or directory', /no glibc .*Alpine/],
    ['sh: /c/node: Permission denied', /noexec/],
    ['killed by a whim', /killed by a whim/],
  ])('says what %j means', async (stderr, message) => {
    const run = () => Promise.resolve({ exit: { code: 1, signal: undefined }, stdout: '', stderr });
    await expect(assertClientRuns(bundle, '/c', { ...local, run }, signal)).rejects.toMatchObject({
      code: 'CLIENT_UNUSABLE',
      message: expect.stringMatching(message) as string,
    });
  });

  it('says it of what this system says, too', async () => {
    await mkdir(join(root, 'foreign'));
    await writeFile(join(root, 'foreign/node'), '\x7fELF but no more', { mode: 0o755 });

    await expect(assertClientRuns(bundle, join(root, 'foreign'), local, signal)).rejects.toThrow(
      /another architecture/,
    );
    await expect(assertClientRuns(bundle, join(root, 'absent'), local, signal)).rejects.toThrow(/no glibc/);
  });
});

describe('a system with glibc and libstdc++ alone', () => {
  it.skipIf(process.getuid?.() !== 0)(
    'loads a server: without Node.js, /proc, users and a shell',
    async () => {
      const system = join(root, 'system');
      const place = async (from: string, to: string): Promise<void> => {
        await mkdir(join(system, dirname(to)), { recursive: true });
        await copyFile(await realpath(from), join(system, to));
      };
      const { interpreter = '', libraries } = await readElf(join(folder, 'node'));
      await place(interpreter, interpreter);
      const known = execFileSync('ldconfig', ['-p'], { encoding: 'utf8' }).split('\n');
      for (const name of libraries) {
        const path = known.find((line) => line.trim().startsWith(`${name} `))?.split(' => ')[1];
        if (path !== undefined && path !== interpreter) await place(path, `/lib/${basename(path)}`);
      }
      for (const { path } of bundle.files) await place(join(folder, path), `/client/${path}`);
      // Every container has that.
      await mkdir(join(system, 'dev'));
      await writeFile(join(system, 'dev/null'), '');
      await using golden = await startGoldenServer();
      const spec = specFor(golden, { workers: 2, output: { recordsFile: '/records.jsonl' } });
      await writeFile(join(system, 'spec.json'), JSON.stringify(spec));

      const argv = [system, ...bundle.command('/client'), '/spec.json'];
      const { stderr } = await promisify(execFile)('chroot', argv, { env: { PATH: process.env['PATH'] } });

      expect(stderr).toBe('');
      const run = decodeRunRecord(await readFile(join(system, 'records.jsonl')));
      expect(run.requests.map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => 'completed'));
      expect(run).toMatchObject({ complete: true, client: { workers: [{}, {}] } });
    },
  );
});
