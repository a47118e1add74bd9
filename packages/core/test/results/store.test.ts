import { lstat, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { latestRun, readRun } from '../../src/results/read-run.js';
import { checkWritable, openRunStore, saveFile, saveNewFile } from '../../src/results/store.js';
import { createMask } from '../../src/secrets.js';
import { completed, failure, run } from '../report/results.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

const mask = createMask([]);
const logOf = (file: string, role = 'server') => ({ role, replica: 0, rank: 0, file });
const NO_FILES = { json: {}, serverLogs: [], mask };

describe('a run on disk', () => {
  it('shows a point when it has ended, and whole', async () => {
    const store = await openRunStore(join(folder, '1'));
    await store.saveRun(run);
    const result = completed();
    const workDir = await store.openPoint(result.name);
    await writeFile(join(workDir, 'server-0.log'), 'ready\n');
    expect((await readRun(store.folder)).results).toEqual([]);

    const serverLogs = [logOf('server-0.log')];
    const { result: saved } = await store.savePoint(result, {
      json: { 'raw.json': { a: 1 } },
      serverLogs,
      mask,
    });

    expect(saved).toEqual({ ...result, files: { raw: 'raw.json', logs: serverLogs } });
    expect(await readRun(store.folder)).toMatchObject({ run, results: [saved] });
    const point = join(store.folder, 'points', result.name);
    expect((await readdir(point)).sort()).toEqual(['raw.json', 'result.json', 'server-0.log']);
    const log = join(store.folder, `server_logs_${result.name}`, 'server.log');
    expect(await readFile(log, 'utf8')).toBe('ready\n');
  });

  it('has a row for a completed point only, and one log of several', async () => {
    const store = await openRunStore(join(folder, '1'));
    const result = failure({ code: 'SERVER_DIED', message: 'it ended' });
    const workDir = await store.openPoint(result.name);
    await writeFile(join(workDir, 'prefill-0.log'), 'p');
    await writeFile(join(workDir, 'decode-0.log'), 'd');

    const serverLogs = [logOf('prefill-0.log', 'prefill'), logOf('decode-0.log', 'decode')];
    await store.savePoint(result, { json: {}, serverLogs, mask });

    expect((await readdir(store.folder)).sort()).toEqual([
      'points',
      'results.ndjson',
      `server_logs_${result.name}`,
    ]);
    expect(await readFile(join(store.folder, `server_logs_${result.name}`, 'server.log'), 'utf8')).toBe(
      '==> prefill-0.log <==\np\n==> decode-0.log <==\nd',
    );
  });

  it('has logs of any size without their secrets, and readable to all when they have none any more', async () => {
    const store = await openRunStore(join(folder, '1'));
    const result = failure({ code: 'SERVER_DIED', message: 'it ended' });
    const workDir = await store.openPoint(result.name);
    const filler = 'x'.repeat(3_000_000);
    await writeFile(join(workDir, 'a.log'), `${filler}SECRET-VALUE${filler}`, { mode: 0o600 });

    const secret = createMask(['SECRET-VALUE']);
    await store.savePoint(result, { json: {}, serverLogs: [logOf('a.log')], mask: secret });

    const masked = `${filler}***${filler}`;
    const { mode } = await lstat(join(store.folder, 'points', result.name, 'result.json'));
    for (const place of [
      join('points', result.name, 'a.log'),
      join(`server_logs_${result.name}`, 'server.log'),
    ]) {
      const path = join(store.folder, place);
      expect((await readFile(path, 'utf8')) === masked).toBe(true);
      expect((await lstat(path)).mode).toBe(mode);
    }
  });

  it('lists results in the order in which they began', async () => {
    const store = await openRunStore(join(folder, '1'));
    await store.saveRun(run);
    for (const [name, startedAt] of [
      ['a', '2026-02-03T04:00:02Z'],
      ['b', '2026-02-03T04:00:01Z'],
    ] as const) {
      await store.openPoint(name);
      await store.savePoint({ ...completed(), name, startedAt }, NO_FILES);
    }

    expect((await readRun(store.folder)).results.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('is found as the newest one that has a run file', async () => {
    for (const id of ['1', '2']) await (await openRunStore(join(folder, id))).saveRun(run);
    await openRunStore(join(folder, '3'));

    expect(await latestRun(folder)).toBe(join(folder, '2'));
    await expect(latestRun(join(folder, '1'))).rejects.toMatchObject({ code: 'RESULT_READ_FAILED' });
  });

  it('has a folder of its own, however many begin in the same moment', async () => {
    const stores = await Promise.all([1, 2, 3].map(() => openRunStore(join(folder, 'same'))));
    for (const [index, store] of stores.entries()) {
      await store.saveRun({ ...run, id: String(index) });
      await writeFile(join(await store.openPoint('point'), 'file'), String(index));
    }

    expect((await readdir(folder)).sort()).toEqual(['same', 'same-2', 'same-3']);
    for (const [index, store] of stores.entries()) {
      expect(await readFile(join(store.folder, 'points', '.running-point', 'file'), 'utf8')).toBe(
        String(index),
      );
    }
  });

  it('is named with the file that can not be read', async () => {
    const store = await openRunStore(join(folder, '1'));
    await store.saveText('run.json', '{"schema":"other"}');

    await expect(readRun(store.folder)).rejects.toMatchObject({
      code: 'RESULT_READ_FAILED',
      where: { file: join(store.folder, 'run.json') },
    });
  });
});

describe('a file of its own', () => {
  it('is replaced whole, and nothing else is left', async () => {
    const path = join(folder, 'a', 'report.html');
    await saveFile(path, 'old');
    await saveFile(path, 'new');

    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(join(folder, 'a'))).toEqual(['report.html']);
  });

  it("takes no other one's place where it is to be new", async () => {
    const path = join(folder, 'result.json');
    const paths = await Promise.all(['a', 'b', 'c'].map((text) => saveNewFile(path, text)));

    expect([...paths].sort()).toEqual([join(folder, 'result-2.json'), join(folder, 'result-3.json'), path]);
    const texts = await Promise.all(paths.map((written) => readFile(written, 'utf8')));
    expect(texts).toEqual(['a', 'b', 'c']);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('does not take the place of a device', async () => {
    const path = join(folder, 'nowhere');
    await symlink(devNull, path);

    await saveFile(path, 'text');

    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')('is refused, and at once, where folders take nothing', async () => {
    await expect(openRunStore('/proc/none/1')).rejects.toMatchObject({ code: 'RESULT_WRITE_FAILED' });
    await expect(checkWritable('/proc/none')).rejects.toMatchObject({ code: 'RESULT_WRITE_FAILED' });
  });

  it('needs a folder', async () => {
    await writeFile(join(folder, 'file'), '');
    const below = join(folder, 'file', 'below');

    await expect(checkWritable(below)).rejects.toMatchObject({ code: 'RESULT_WRITE_FAILED' });
    await expect(saveFile(join(below, 'x'), '')).rejects.toMatchObject({ code: 'RESULT_WRITE_FAILED' });
  });
});
