import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signatureOf } from '../src/bundle/signing.js';
import { entriesOf, forged, pack, withContent } from './archives.js';
import { makeBundles, replace, type Bundles } from './bundles.js';

let bundles: Bundles;
beforeAll(async () => void (bundles = await makeBundles()));
afterAll(() => bundles[Symbol.asyncDispose]());

describe('a bundle that nobody has changed', () => {
  it('is whole, signed by the key, and its numbers follow from its records', async () => {
    const { exitCode, stdout } = await bundles.verify(bundles.signed, '--key', bundles.publicKey);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/signed by SHA256:.{44}\n/);
    expect(stdout).toMatch(/the numbers follow from the records: \d{2,} are the same/);
    expect(stdout).toMatch(/whole: all bytes of 7 files/);
  });

  it('is as JSON as well', async () => {
    const { stdout } = await bundles.verify(bundles.signed, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ whole: true, changes: [], manifest: { sweepline: '0.0.0' } });
  });

  it('says what no signature means', async () => {
    const { exitCode, stdout } = await bundles.verify(bundles.unsigned);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/not signed: whoever changed a file may have changed its digest/);
  });

  it('leaves no file', async () => {
    const before = await readdir(bundles.root);
    await bundles.verify(bundles.signed);
    expect(await readdir(bundles.root)).toEqual(before);
  });
});

describe('signatures', () => {
  it('must be by the key that is asked for', async () => {
    expect(await bundles.changesIn(bundles.signed, '--key', bundles.otherKey)).toMatch(
      /is by another key: by SHA256/,
    );
    expect(await bundles.changesIn(bundles.unsigned, '--key', bundles.publicKey)).toMatch(
      /is missing: the bundle is not signed/,
    );
  });

  it('can not be replaced by one of another key', async () => {
    const path = bundles.newPath();
    const entries = await entriesOf(bundles.signed);
    const other = signatureOf(entries[0]!.content, bundles.otherPrivate);
    const content = Buffer.from(`${JSON.stringify(other, undefined, 2)}\n`);
    await pack(path, replace('manifest.sig.json', (entry) => withContent(entry, content))(entries));
    expect(await bundles.changesIn(path, '--key', bundles.publicKey)).toMatch(/is by another key/);
    const { exitCode, stdout } = await bundles.verify(path);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain((await bundles.verify(bundles.signed)).stdout.match(/SHA256:\S+/)![0]);
  });

  it.each(['publicKey', 'fingerprint', 'signature'])('a changed %s is named', async (member) => {
    const said = await bundles.changesAfter(
      replace('manifest.sig.json', (entry) => {
        const signature = JSON.parse(entry.content.toString()) as Record<string, string>;
        const made = { ...signatureOf(Buffer.from('other'), bundles.otherPrivate) };
        signature[member] = made[member as 'signature'];
        return withContent(entry, Buffer.from(`${JSON.stringify(signature, undefined, 2)}\n`));
      }),
    );
    expect(said).toMatch(/changed: manifest\.sig\.json does not fit/);
  });

  it('a signature in another form is a change', async () => {
    const said = await bundles.changesAfter(
      replace('manifest.sig.json', (entry) =>
        withContent(entry, Buffer.from(` ${entry.content.toString()}`)),
      ),
    );
    expect(said).toMatch(/changed: manifest\.sig\.json was changed/);
  });

  it('no longer fit once a file and its digest are changed', async () => {
    const said = await bundles.changesAfter((entries) => [
      ...forged(entries, 'result.json', (text) => text.replace('"conc": 2', '"conc": 4')),
    ]);
    expect(said).toMatch(
      /changed: manifest\.sig\.json does not fit: the manifest or the signature was changed/,
    );
  });
});

describe('numbers that do not follow from the records', () => {
  const forgedResult = async (change: (text: string) => string): Promise<string> => {
    const path = bundles.newPath();
    await pack(path, forged(await entriesOf(bundles.unsigned), 'result.json', change));
    return bundles.changesIn(path);
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
    const path = bundles.newPath();
    const fewer = (text: string): string => text.replace(/"outputTokens":5/, '"outputTokens":4');
    await pack(path, forged(await entriesOf(bundles.unsigned), 'records.jsonl', fewer));
    expect(await bundles.changesIn(path)).toMatch(/numbers do not follow from the records/);
  });

  it('may be another version’s definitions', async () => {
    const path = bundles.newPath();
    const entries = forged(await entriesOf(bundles.unsigned), 'result.json', (text) =>
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
    const { exitCode, stdout } = await bundles.verify(path);
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
