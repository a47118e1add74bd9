import { createHash } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GZIP_HEADER, GZIP_TRAILER, gzipHeader } from '../src/bundle/sealed-gzip.js';
import { entriesOf, headerFor, pack, packBytes, withContent, type Entry } from './archives.js';
import { makeBundles, replace, type Bundles } from './bundles.js';

let bundles: Bundles;
beforeAll(async () => void (bundles = await makeBundles()));
afterAll(() => bundles[Symbol.asyncDispose]());

describe('each changed byte is named', () => {
  it('of any file', async () => {
    const files = (await entriesOf(bundles.signed)).filter(({ name }) => !name.startsWith('manifest'));
    for (const { name } of files) {
      const said = await bundles.changesAfter(
        replace(name, (entry) => {
          const content = Buffer.from(entry.content);
          content[content.length >> 1]! ^= 1;
          return { ...entry, content };
        }),
      );
      expect(said).toContain(`changed: ${name} was changed: its SHA-256 is`);
    }
  });

  it.each([
    ['mode', 104],
    ['owner', 110],
    ['time', 140],
    ['checksum', 150],
    ['type', 156],
    ['link', 160],
    ['user', 270],
    ['prefix', 345],
    ['last byte', 511],
  ])('of a header: %s', async (_field, at) => {
    const said = await bundles.changesAfter(
      replace('plan.json', (entry) => {
        const header = Buffer.from(entry.header);
        header[at]! ^= 1;
        return { ...entry, header };
      }),
    );
    expect(said).toMatch(/changed: the header of plan\.json was changed/);
  });

  it('of padding, and of the end', async () => {
    expect(await bundles.changesAfter((entries) => entries, { padding: 1 })).toMatch(
      /the padding after plan\.json/,
    );
    const end = Buffer.alloc(1024);
    end[700] = 1;
    expect(await bundles.changesAfter((entries) => entries, { end })).toMatch(/the end of the archive/);
    expect(await bundles.changesAfter((entries) => entries, { end: Buffer.alloc(1536) })).toMatch(
      /the end of the archive/,
    );
    expect(await bundles.changesAfter((entries) => entries, { end: Buffer.alloc(512) })).toMatch(
      /the end of the archive/,
    );
    expect(await bundles.changesAfter((entries) => entries, { end: Buffer.alloc(0) })).toMatch(
      /the archive is cut off/,
    );
  });

  it('of the compressed file, wherever it is', async () => {
    const good = await readFile(bundles.signed);
    const step = Math.floor(good.length / 30);
    const places = [2, 3, 4, 8, 9, 10, 20, 81, good.length - 9, good.length - 8, good.length - 1];
    for (let at = 82; at < good.length; at += step) places.push(at);
    const path = bundles.newPath();
    for (const at of places) {
      const bytes = Buffer.from(good);
      bytes[at]! ^= 1 << (at % 8);
      await writeFile(path, bytes);
      await bundles.changesIn(path);
    }
  });
});

describe('what was added, removed or moved', () => {
  it('is named', async () => {
    expect(
      await bundles.changesAfter((entries) => entries.filter(({ name }) => name !== 'load.json')),
    ).toMatch(/changed: load\.json is missing/);
    const extra = (name: string): Entry => ({ name, header: headerFor(name, 1), content: Buffer.from('x') });
    expect(await bundles.changesAfter((entries) => [...entries, extra('more.json')])).toMatch(
      /changed: more\.json was added/,
    );
    expect(await bundles.changesAfter((entries) => [...entries, extra('run.json')])).toMatch(
      /run\.json is in the bundle twice/,
    );
    expect(
      await bundles.changesAfter(([manifest, signature, ...files]) => [
        manifest!,
        signature!,
        ...files.reverse(),
      ]),
    ).toMatch(/the order of the files was changed/);
    expect(
      await bundles.changesAfter(([manifest, signature, ...files]) => [manifest!, ...files, signature!]),
    ).toMatch(/manifest\.sig\.json is not where it was written/);
    expect(await bundles.changesAfter(([, ...files]) => files)).toMatch(
      /manifest\.json is not the first file/,
    );
    expect(await bundles.changesAfter((entries) => entries.slice(0, 1))).toMatch(/result\.json is missing/);
  });

  it('is no signature any more, if that was removed', async () => {
    const path = bundles.newPath();
    await pack(
      path,
      (await entriesOf(bundles.signed)).filter(({ name }) => name !== 'manifest.sig.json'),
    );
    expect((await bundles.verify(path)).stdout).toMatch(/not signed/);
    expect(await bundles.changesIn(path, '--key', bundles.publicKey)).toMatch(/the bundle is not signed/);
  });

  it('is a second gzip member, bytes after the end, or a cut', async () => {
    const path = bundles.newPath();
    const good = await readFile(bundles.signed);
    for (const more of [gzipSync('more'), Buffer.from([0]), Buffer.alloc(512)]) {
      await writeFile(path, good);
      await appendFile(path, more);
      expect(await bundles.changesIn(path)).toMatch(/changed: the (compressed data|last 8 bytes)/);
    }
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      await writeFile(path, good.subarray(0, good.length * share));
      expect(await bundles.changesIn(path)).toMatch(/the compressed data/);
    }
  });

  it('is what stands after the end of the compressed data, although the seal covers it', async () => {
    const path = bundles.newPath();
    const good = await readFile(bundles.signed);
    const data = Buffer.concat([good.subarray(GZIP_HEADER, -GZIP_TRAILER), Buffer.from('more')]);
    const seal = gzipHeader(createHash('sha256').update(data).digest('hex'));
    await writeFile(path, Buffer.concat([seal, data, good.subarray(-GZIP_TRAILER)]));
    expect(await bundles.changesIn(path)).toMatch(/the compressed data has 4 more bytes after its end/);
  });

  it('is a bundle that was unpacked and packed again', async () => {
    const path = bundles.newPath();
    await writeFile(path, gzipSync(gunzipSync(await readFile(bundles.signed))));
    expect(await bundles.changesIn(path)).toMatch(/the compressed data is not as it was written/);
  });
});

describe('hostile bundles', () => {
  it.each(['../up.json', '/etc/passwd', 'a/../b', './a', 'a//b', 'C:\\x', '.hidden', 'a\nb', ''])(
    'a file called %j is not read',
    async (name) => {
      const said = await bundles.changesAfter((entries) => [
        ...entries,
        { name, header: headerFor(name, 1), content: Buffer.from('x') },
      ]);
      expect(said).toMatch(
        /changed: the header of the file after run\.json was changed, and can not be used/,
      );
    },
  );

  it.each(['1', '2', '3', '5', 'x', 'g', 'L', 'S'])('a file of type %s is named', async (type) => {
    const link = (header: Buffer): void => void header.write(type, 156);
    const said = await bundles.changesAfter((entries) => [
      ...entries,
      { name: 'link', header: headerFor('link', 0, link), content: Buffer.alloc(0) },
    ]);
    expect(said).toMatch(/the header of link was changed/);
  });

  it('a size that is a lie is named', async () => {
    for (const bytes of [1, 8 ** 11 - 1])
      expect(
        await bundles.changesAfter(
          replace('run.json', (entry) => ({ ...entry, header: headerFor('run.json', bytes) })),
        ),
      ).toMatch(/changed: run\.json was changed: it has \d+ bytes/);
  });

  it('a bomb ends early', async () => {
    const [manifest] = await entriesOf(bundles.unsigned);
    const zeros = Buffer.alloc(16 * 2 ** 20);
    const bomb = { name: 'run.json', header: headerFor('run.json', zeros.length), content: zeros };
    const path = bundles.newPath();
    await pack(path, [manifest!, bomb]);
    expect(await bundles.changesIn(path)).toMatch(/expands to more than 300 times its size/);
  });

  it('a manifest without end is not held', async () => {
    const path = bundles.newPath();
    await packBytes(path, headerFor('manifest.json', 8 ** 11 - 1));
    expect(await bundles.changesIn(path)).toMatch(
      /manifest\.json is not the first file of the bundle, or too large/,
    );
  });

  it('what is no bundle is an error', async () => {
    for (const [index, content] of ['', 'text', 'x'.repeat(1000)].entries())
      expect((await bundles.verify(await bundles.write(`none-${index}`, content))).said).toMatch(
        /^RESULT_READ_FAILED: can't read .*(too short|does not begin as a gzip file)/,
      );
    expect((await bundles.verify('nowhere')).said).toMatch(/^RESULT_READ_FAILED/);
    expect((await bundles.verify(bundles.root)).said).toMatch(/^RESULT_READ_FAILED/);
  });

  it('a terminal obeys nothing in it', async () => {
    const path = bundles.newPath();
    const entries = await entriesOf(bundles.unsigned);
    const escape = (text: string): string => text.replace(/"why": "/, '"why": "\\u001b[31m');
    const manifest = replace('manifest.json', (entry) =>
      withContent(entry, Buffer.from(escape(entry.content.toString()))),
    )(entries);
    await pack(path, manifest);
    const { exitCode, stdout } = await bundles.verify(path);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('\u001b');
  });
});
