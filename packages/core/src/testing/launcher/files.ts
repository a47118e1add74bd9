import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { getText, putText } from '../../launch/files.js';
import type { Executor } from '../../plugin/index.js';
import type { Check } from '../contract.js';
import { never, onNode, script, type LauncherSubject } from './lease.js';

const BIG_BYTES = 5 * 1024 * 1024;

/** What files on a node can be relied on for. */
export const FILE_CHECKS: readonly Check<LauncherSubject>[] = [
  { title: 'moves files of megabytes, with their modes', run: onNode(movesFiles) },
  { title: 'reads parts of files', run: onNode(readsParts) },
  { title: 'follows a file that is not there yet', run: onNode(follows) },
  { title: 'rejects for files that are not there', run: onNode(missingFiles) },
];

async function movesFiles(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const bytes = randomBytes(BIG_BYTES);
  const path = join(executor.workDir, 'some', 'folder', 'program');
  await executor.copyIn(inPieces(bytes), path, 0o755);
  const pieces: Uint8Array[] = [];
  for await (const piece of executor.copyOut(path)) pieces.push(piece);
  assert(Buffer.concat(pieces).equals(bytes), 'what comes back is something else');
  const code =
    'process.stdout.write((require("node:fs").statSync(process.argv[1]).mode & 0o777).toString(8))';
  assert.equal((await executor.run(script(program, code, path), never)).stdout, '755');
}

async function* inPieces(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 100_000)
    yield await Promise.resolve(bytes.subarray(from, from + 100_000));
}

async function readsParts(executor: Executor): Promise<void> {
  const path = join(executor.workDir, 'text');
  await putText(executor, path, '0123456789');
  const part = async (from: number, length: number): Promise<string> =>
    Buffer.from(await executor.read(path, { from, length })).toString();
  assert.deepEqual(
    [await part(2, 3), await part(8, 100), await part(20, 5), await part(-3, 2), await part(-100, 100)],
    ['234', '89', '', '78', '0123456789'],
  );
}

async function follows(executor: Executor): Promise<void> {
  const path = join(executor.workDir, 'growing');
  const stop = new AbortController();
  let text = '';
  const following = (async () => {
    for await (const piece of executor.follow(path, stop.signal)) {
      text += Buffer.from(piece).toString();
      if (text === 'one two') stop.abort();
    }
  })();
  await putText(executor, path, 'one');
  await putText(executor, path, 'one two');
  await following;
  assert.equal(text, 'one two');
}

async function missingFiles(executor: Executor): Promise<void> {
  const path = join(executor.workDir, 'nothing');
  await assert.rejects(executor.read(path, { from: 0, length: 1 }));
  await assert.rejects(getText(executor, path));
}
