import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, SweeplineError } from '../errors.js';
import { loadCodec } from '../load/client/codecs/load-codec.js';
import { assertSelfContained, codecFile } from '../load/client/codecs/self-contained.js';
import type { Check } from './contract.js';
import { frameworksIn } from './framework-samples.js';
import type { FrameworkSubject } from './framework-subject.js';

/** What core expects of the codecs that frameworks and their plans name. */
export const CODEC_CHECKS: readonly Check<FrameworkSubject>[] = [
  { title: 'names codecs that can be loaded', run: (subject) => eachCodec(subject, load) },
  {
    title:
      'names codecs that are self-contained modules: only the module itself is copied to where the load runs',
    run: (subject) => eachCodec(subject, loadAlone),
  },
];

async function eachCodec(subject: FrameworkSubject, check: (codec: string) => Promise<void>): Promise<void> {
  const codecs = [...frameworksIn(subject.plugins).map(({ codec }) => codec), ...codecsOfPlans(subject)];
  for (const codec of new Set(codecs)) if (codec !== undefined) await check(codec);
}

/** Plans that can't be made are covered by another check. */
function codecsOfPlans(subject: FrameworkSubject): readonly (string | undefined)[] {
  return subject.jobs.map((job) => {
    try {
      const planned = subject.plan(job);
      return planned.state === 'planned' && planned.plan.kind === 'serve'
        ? planned.plan.client.codec
        : undefined;
    } catch {
      return undefined;
    }
  });
}

async function load(codec: string): Promise<void> {
  await loadCodec({ baseUrl: 'http://127.0.0.1', api: 'completions', codec });
}

/** Imports the copy as another machine would: files that the module reads from its package are missing there. */
async function loadAlone(codec: string): Promise<void> {
  await assertSelfContained(codec);
  const file = codecFile(codec);
  if (file === undefined) return;
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-codec-'));
  try {
    const copy = join(folder, 'codec.mjs');
    await copyFile(file, copy);
    await load(pathToFileURL(copy).href);
  } catch (cause) {
    throw new SweeplineError('PLUGIN_INVALID', `a copy of ${file} alone does not work: ${messageOf(cause)}`, {
      where: { file },
      cause,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
