import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signatureOf } from '../src/bundle/signing.js';
import { entriesOf, forged, headerFor, pack, packBytes, withContent, type Entry } from './archives.js';
import { makeStoreWorkspace, type Said, type StoreWorkspace } from './commands.js';
import { measure } from './measured.js';

const keys = generateKeyPairSync('ed25519');
const others = generateKeyPairSync('ed25519');

let workspace: StoreWorkspace;
let signed: string;
let unsigned: string;
let publicKey: string;
let otherKey: string;
beforeAll(async () => {
  workspace = await makeStoreWorkspace();
  const pem = (key: (typeof keys)['publicKey']) => key.export({ type: 'spki', format: 'pem' }).toString();
  publicKey = await workspace.write('public.pem', pem(keys.publicKey));
  otherKey = await workspace.write('other.pem', pem(others.publicKey));
  const key = await workspace.write(
    'key.pem',
    keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  signed = join(workspace.root, 'signed.tar.gz');
  unsigned = join(workspace.root, 'unsigned.tar.gz');
  await using measured = await measure();
  await workspace.run('bundle', measured.point, '--sign', key, '--out', signed);
  await workspace.run('bundle', measured.point, '--out', unsigned);
});
afterAll(() => workspace[Symbol.asyncDispose]());

const RED = 7;
const verify = (path: string, ...more: readonly string[]): Promise<Said> =>
  workspace.run('verify', path, ...more);

/** What `verify` says of a bundle that was changed. */
async function changesIn(path: string, ...more: readonly string[]): Promise<string> {
  const { exitCode, stdout, said } = await verify(path, ...more);
  expect({ exitCode, said }).toEqual({ exitCode: RED, said: '' });
  expect(stdout).toMatch(/NOT whole/);
  return stdout;
}

let count = 0;
const newPath = (): string => join(workspace.root, `changed-${++count}.tar.gz`);

/** What `verify` says once the entries of the signed bundle have been changed, and the seal fits. */
async function changesAfter(
  change: (entries: Entry[]) => readonly Entry[],
  options: Parameters<typeof pack>[2] = {},
): Promise<string> {
  const path = newPath();
  await pack(path, change(await entriesOf(signed)), options);
  return changesIn(path);
}

const replace = (name: string, make: (entry: Entry) => Entry) => (entries: Entry[]) =>
  entries.map((entry) => (entry.name === name ? make(entry) : entry));

describe('a bundle that nobody has changed', () => {
  it('is whole, signed by the key, and its numbers follow from its records', async () => {
    const { exitCode, stdout } = await verify(signed, '--key', publicKey);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/signed by SHA256:.{44}\n/);
    expect(stdout).toMatch(/the numbers follow from the records: \d{2,} are the same/);
    expect(stdout).toMatch(/whole: all bytes of 7 files/);
  });

  it('is as JSON as well', async () => {
    const { stdout } = await verify(signed, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ whole: true, changes: [], manifest: { sweepline: '0.0.0' } });
  });

  it('says what no signature means', async () => {
    const { exitCode, stdout } = await verify(unsigned);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/not signed: whoever changed a file may have changed its digest/);
  });

  it('leaves no file', async () => {
    const before = await readdir(workspace.root);
    await verify(signed);
    expect(await readdir(workspace.root)).toEqual(before);
  });
});

describe('signatures', () => {
  it('must be by the key that is asked for', async () => {
    expect(await changesIn(signed, '--key', otherKey)).toMatch(/is by another key: by SHA256/);
    expect(await changesIn(unsigned, '--key', publicKey)).toMatch(/is missing: the bundle is not signed/);
  });

  it('can not be replaced by one of another key', async () => {
    const path = newPath();
    const entries = await entriesOf(signed);
    const other = signatureOf(entries[0]!.content, others.privateKey);
    const content = Buffer.from(`${JSON.stringify(other, undefined, 2)}\n`);
    await pack(path, replace('manifest.sig.json', (entry) => withContent(entry, content))(entries));
    expect(await changesIn(path, '--key', publicKey)).toMatch(/is by another key/);
    const { exitCode, stdout } = await verify(path);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain((await verify(signed)).stdout.match(/SHA256:\S+/)![0]);
  });

  it.each(['publicKey', 'fingerprint', 'signature'])('a changed %s is named', async (member) => {
    const other = createPublicKey(others.publicKey.export({ type: 'spki', format: 'pem' }));
    const said = await changesAfter(
      replace('manifest.sig.json', (entry) => {
        const signature = JSON.parse(entry.content.toString()) as Record<string, string>;
        const made = { ...signatureOf(Buffer.from('other'), others.privateKey) };
        expect(other.asymmetricKeyType).toBe('ed25519');
        signature[member] = made[member as 'signature'];
        return withContent(entry, Buffer.from(`${JSON.stringify(signature, undefined, 2)}\n`));
      }),
    );
    expect(said).toMatch(/changed: manifest\.sig\.json does not fit/);
  });

  it('a signature in another form is a change', async () => {
    const said = await changesAfter(
      replace('manifest.sig.json', (entry) =>
        withContent(entry, Buffer.from(` ${entry.content.toString()}`)),
      ),
    );
    expect(said).toMatch(/changed: manifest\.sig\.json was changed/);
  });

  it('no longer fit once a file and its digest are changed', async () => {
    const said = await changesAfter((entries) => [
      ...forged(entries, 'result.json', (text) => text.replace('"conc": 2', '"conc": 4')),
    ]);
    expect(said).toMatch(
      /changed: manifest\.sig\.json does not fit: the manifest or the signature was changed/,
    );
  });
});

describe('each changed byte is named', () => {
  it('of any file', async () => {
    const files = (await entriesOf(signed)).filter(({ name }) => !name.startsWith('manifest'));
    for (const { name } of files) {
      const said = await changesAfter(
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
    const said = await changesAfter(
      replace('plan.json', (entry) => {
        const header = Buffer.from(entry.header);
        header[at]! ^= 1;
        return { ...entry, header };
      }),
    );
    expect(said).toMatch(/changed: the header of plan\.json was changed/);
  });

  it('of padding, and of the end', async () => {
    expect(await changesAfter((entries) => entries, { padding: 1 })).toMatch(/the padding after plan\.json/);
    const end = Buffer.alloc(1024);
    end[700] = 1;
    expect(await changesAfter((entries) => entries, { end })).toMatch(/the end of the archive/);
    expect(await changesAfter((entries) => entries, { end: Buffer.alloc(1536) })).toMatch(
      /the end of the archive/,
    );
    expect(await changesAfter((entries) => entries, { end: Buffer.alloc(512) })).toMatch(
      /the end of the archive/,
    );
    expect(await changesAfter((entries) => entries, { end: Buffer.alloc(0) })).toMatch(
      /the archive is cut off/,
    );
  });

  it('of the compressed file, wherever it is', async () => {
    const good = await readFile(signed);
    const step = Math.floor(good.length / 60);
    const places = [2, 3, 4, 8, 9, 10, 20, 81, good.length - 9, good.length - 8, good.length - 1];
    for (let at = 82; at < good.length; at += step) places.push(at);
    const path = newPath();
    for (const at of places) {
      const bytes = Buffer.from(good);
      bytes[at]! ^= 1 << (at % 8);
      await writeFile(path, bytes);
      await changesIn(path);
    }
  });
});

describe('what was added, removed or moved', () => {
  it('is named', async () => {
    expect(await changesAfter((entries) => entries.filter(({ name }) => name !== 'load.json'))).toMatch(
      /changed: load\.json is missing/,
    );
    const extra = (name: string): Entry => ({ name, header: headerFor(name, 1), content: Buffer.from('x') });
    expect(await changesAfter((entries) => [...entries, extra('more.json')])).toMatch(
      /changed: more\.json was added/,
    );
    expect(await changesAfter((entries) => [...entries, extra('run.json')])).toMatch(
      /run\.json is in the bundle twice/,
    );
    expect(
      await changesAfter(([manifest, signature, ...files]) => [manifest!, signature!, ...files.reverse()]),
    ).toMatch(/the order of the files was changed/);
    expect(
      await changesAfter(([manifest, signature, ...files]) => [manifest!, ...files, signature!]),
    ).toMatch(/manifest\.sig\.json is not where it was written/);
    expect(await changesAfter(([, ...files]) => files)).toMatch(/manifest\.json is not the first file/);
    expect(await changesAfter((entries) => entries.slice(0, 1))).toMatch(/result\.json is missing/);
  });

  it('is no signature any more, if that was removed', async () => {
    const path = newPath();
    await pack(
      path,
      (await entriesOf(signed)).filter(({ name }) => name !== 'manifest.sig.json'),
    );
    expect((await verify(path)).stdout).toMatch(/not signed/);
    expect(await changesIn(path, '--key', publicKey)).toMatch(/the bundle is not signed/);
  });

  it('is a second gzip member, bytes after the end, or a cut', async () => {
    const path = newPath();
    const good = await readFile(signed);
    for (const more of [gzipSync('more'), Buffer.from([0]), Buffer.alloc(512)]) {
      await writeFile(path, good);
      await appendFile(path, more);
      expect(await changesIn(path)).toMatch(/changed: the (compressed data|last 8 bytes)/);
    }
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      await writeFile(path, good.subarray(0, good.length * share));
      expect(await changesIn(path)).toMatch(/the compressed data/);
    }
  });

  it('is a bundle that was unpacked and packed again', async () => {
    const path = newPath();
    const { gunzipSync } = await import('node:zlib');
    await writeFile(path, gzipSync(gunzipSync(await readFile(signed))));
    expect(await changesIn(path)).toMatch(/the compressed data is not as it was written/);
  });
});

describe('hostile bundles', () => {
  it.each(['../up.json', '/etc/passwd', 'a/../b', './a', 'a//b', 'C:\\x', '.hidden', 'a\nb', ''])(
    'a file called %j is not read',
    async (name) => {
      const said = await changesAfter((entries) => [
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
    const said = await changesAfter((entries) => [
      ...entries,
      { name: 'link', header: headerFor('link', 0, link), content: Buffer.alloc(0) },
    ]);
    expect(said).toMatch(/the header of link was changed/);
  });

  it('a size that is a lie is named', async () => {
    for (const bytes of [1, 8 ** 11 - 1])
      expect(
        await changesAfter(
          replace('run.json', (entry) => ({ ...entry, header: headerFor('run.json', bytes) })),
        ),
      ).toMatch(/changed: run\.json was changed: it has \d+ bytes/);
  });

  it('a bomb ends early', async () => {
    const [manifest] = await entriesOf(unsigned);
    const zeros = Buffer.alloc(64 * 2 ** 20);
    const bomb = { name: 'run.json', header: headerFor('run.json', zeros.length), content: zeros };
    const path = newPath();
    await pack(path, [manifest!, bomb]);
    expect(await changesIn(path)).toMatch(/expands to more than 300 times its size/);
  });

  it('a manifest without end is not held', async () => {
    const path = newPath();
    await packBytes(path, headerFor('manifest.json', 8 ** 11 - 1));
    expect(await changesIn(path)).toMatch(/manifest\.json is not the first file of the bundle, or too large/);
  });

  it('what is no bundle is an error', async () => {
    for (const content of ['', 'text', 'x'.repeat(1000)])
      expect((await verify(await workspace.write(`none-${++count}`, content))).said).toMatch(
        /^RESULT_READ_FAILED: can't read .*(too short|does not begin as a gzip file)/,
      );
    expect((await verify('nowhere')).said).toMatch(/^RESULT_READ_FAILED/);
    expect((await verify(workspace.root)).said).toMatch(/^RESULT_READ_FAILED/);
  });

  it('a terminal obeys nothing in it', async () => {
    const path = newPath();
    const entries = await entriesOf(unsigned);
    const escape = (text: string): string => text.replace(/"why": "/, '"why": "\\u001b[31m');
    const manifest = replace('manifest.json', (entry) =>
      withContent(entry, Buffer.from(escape(entry.content.toString()))),
    )(entries);
    await pack(path, manifest);
    const { exitCode, stdout } = await verify(path);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('\u001b');
  });
});

describe('numbers that do not follow from the records', () => {
  const forgedResult = async (change: (text: string) => string): Promise<string> => {
    const path = newPath();
    await pack(path, forged(await entriesOf(unsigned), 'result.json', change));
    return changesIn(path);
  };

  it('are named, whatever the digests say', async () => {
    expect(
      await forgedResult((text) => text.replace(/"tput_per_gpu": [\d.]+/, '"tput_per_gpu": 99999')),
    ).toMatch(/changed: result\.json 1 numbers do not follow from the records: tput_per_gpu is 99999, not/);
    expect(
      await forgedResult((text) => text.replace(/"median_ttft_ms": [\d.]+/, '"median_ttft_ms": 0.1')),
    ).toMatch(/median_ttft_ms is 0\.1, not/);
    expect(await forgedResult((text) => text.replace(/ {4}"median_ttft_ms": [\d.]+,\n/, ''))).toMatch(
      /median_ttft_ms is missing/,
    );
    expect(await forgedResult((text) => text.replace(/"completed": \d+/g, '"completed": 1'))).toMatch(
      /completed is 1, not/,
    );
  });

  it('are those of other records as well', async () => {
    const path = newPath();
    const fewer = (text: string): string => text.replace(/"outputTokens":5/, '"outputTokens":4');
    await pack(path, forged(await entriesOf(unsigned), 'records.jsonl', fewer));
    expect(await changesIn(path)).toMatch(/numbers do not follow from the records/);
  });

  it('may be another version’s definitions', async () => {
    const path = newPath();
    const entries = forged(await entriesOf(unsigned), 'result.json', (text) =>
      text
        .replace(/"tput_per_gpu": [\d.]+/, '"tput_per_gpu": 99999')
        .replace('"sweepline": "0.0.0"', '"sweepline": "9.9.9"'),
    );
    await pack(
      path,
      replace('manifest.json', (entry) =>
        withContent(
          entry,
          Buffer.from(entry.content.toString().replace('"sweepline": "0.0.0"', '"sweepline": "9.9.9"')),
        ),
      )([...entries]),
    );
    const { exitCode, stdout } = await verify(path);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /numbers were not computed again: Sweepline 0\.0\.0 may define them in another way than 9\.9\.9/,
    );
  });

  it('a result that is none is named', async () => {
    expect(await forgedResult(() => '{}')).toMatch(/changed: result\.json can't read it/);
    expect(await forgedResult((text) => text.replace(/"name": "/, '"name": "x'))).toMatch(/its point is not/);
  });
});
