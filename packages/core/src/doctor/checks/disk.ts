import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { cacheFolder } from '../../load/prompts/cache.js';
import { ifThere, ok, warning, type Check, type Diagnosis } from '../diagnosis.js';

const GIB = 1024 ** 3;
/** Records of a long sweep, and generated prompts, take hundreds of MB. */
const LEAST_GIB = 2;

/** Free space for results, and for data kept between runs. */
export const disk: Check = {
  name: 'disk',
  async run(context) {
    const workspace = await ifThere(context.workspace());
    const results =
      workspace === undefined
        ? []
        : [await room('results', resolve(workspace.root, workspace.config['results-dir']))];
    return [...results, await room('cache', cacheFolder(context.env))];
  },
};

async function room(what: string, folder: string): Promise<Diagnosis> {
  const there = await nearest(folder);
  const isWritable = await access(there, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) {
    const message = `${what}: can't write to ${folder}`;
    return {
      state: 'problem',
      code: 'RESULT_WRITE_FAILED',
      message,
      hint: 'Check the folder, or choose another.',
    };
  }
  const { bavail, bsize } = await statfs(there);
  const free = (bavail * bsize) / GIB;
  const message = `${what}: ${free.toFixed(1)} GiB free in ${folder}`;
  return free < LEAST_GIB
    ? warning(message, 'Free some space: records of long sweeps need much of it.')
    : ok(message);
}

/** The folder, or its nearest existing parent. */
async function nearest(folder: string): Promise<string> {
  const found = await ifThere(stat(folder));
  return found?.isDirectory() === true || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
