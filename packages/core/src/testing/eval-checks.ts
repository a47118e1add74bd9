import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { guardEval } from '../plugin/guard/eval.js';
import type { EvalContext, EvalPlan, EvalPlugin, EvalText } from '../plugin/index.js';
import type { Check } from './contract.js';
import { startFakeServer } from './fake-server.js';

/** An eval, and what it is tried with. */
export interface EvalSubject {
  readonly plugin: EvalPlugin;
  readonly context: EvalContext;
  /** Files of an eval that has ended well, as text by name; `scores` must read them. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Seconds in which an eval whose server is gone must have ended. */
const GONE_S = 60;
/** A port that nothing listens on. */
const NOBODY = 'http://127.0.0.1:1';

/** What core expects of eval plugins. */
export const EVAL_CHECKS: readonly Check<EvalSubject>[] = [
  { title: 'plans what core can run: paths in its folder, files to keep, a limit of time', run: plans },
  { title: 'is pure: equal contexts give equal plans, and the context stays as it is', run: isPure },
  { title: 'names only files that are there', run: namesFiles },
  { title: 'takes no unknown options', run: takesNoUnknown },
  { title: 'finds no scores where there are no files', run: needsFiles },
  { title: 'reads the scores of an eval that ended well', run: readsScores },
  { title: 'asks a server, and leaves files that it reads the scores of', run: asks },
  { title: 'ends with an error where nobody answers', run: endsAlone },
];

/** As core calls it: what it gives is checked. */
function guarded({ plugin }: EvalSubject): EvalPlugin {
  return guardEval(plugin, { package: 'this package', notify: () => {} });
}

async function planOf(subject: EvalSubject): Promise<EvalPlan> {
  const { context } = subject;
  const rejection = guarded(subject).rejects?.(context);
  assert.equal(rejection, undefined, `it rejects what it is tried with: ${rejection?.reason ?? ''}`);
  return guarded(subject).plan(context);
}

async function plans(subject: EvalSubject): Promise<void> {
  const { runtime, setup } = await planOf(subject);
  assert(runtime === 'server' || setup === undefined, 'set-up is for what runs where the server is');
}

async function isPure(subject: EvalSubject): Promise<void> {
  const before = structuredClone({ ...subject.context, options: {} });
  const [one, other] = [await planOf(subject), await planOf(subject)];
  assert.deepEqual(one, other, 'it plans two things for one context');
  assert.deepEqual({ ...subject.context, options: {} }, before, 'it changes its context');
}

async function namesFiles(subject: EvalSubject): Promise<void> {
  const { files } = await planOf(subject);
  for (const [path, file] of Object.entries(files))
    if ('source' in file)
      await assert.doesNotReject(readFile(file.source), `${path} is not there: ${file.source}`);
}

function takesNoUnknown({ plugin, context }: EvalSubject): void {
  const given = { ...Object(context.options), 'no-such-option': true } as object;
  assert(
    plugin.options === undefined || !plugin.options.safeParse(given).success,
    'it accepts unknown options',
  );
}

function needsFiles(subject: EvalSubject): void {
  assert.throws(() => guarded(subject).scores(new Map()), 'it finds scores without a file');
}

function readsScores(subject: EvalSubject): void {
  const { files } = subject;
  if (files !== undefined) guarded(subject).scores(new Map(Object.entries(files)));
}

/** What runs where a server is needs programs that a test does not have. */
async function asks(subject: EvalSubject): Promise<void> {
  const plan = await planOf(subject);
  if (plan.runtime !== 'node') return;
  await using server = await startFakeServer({ model: subject.context.model });
  await inFolder(async (folder) => {
    const { exitCode, stderr } = await runPlan(plan, folder, server.url);
    assert.equal(exitCode, 0, `it failed: ${stderr}`);
    guarded(subject).scores(await textsIn(folder, plan));
  });
  assert(server.stats.requests > 0, 'it asked nothing');
}

async function endsAlone(subject: EvalSubject): Promise<void> {
  const plan = await planOf(subject);
  if (plan.runtime !== 'node') return;
  await inFolder(async (folder) => {
    const { exitCode, timedOut, stderr } = await runPlan(plan, folder, NOBODY);
    assert(!timedOut, `it went on for ${GONE_S} s`);
    assert.notEqual(exitCode, 0, 'it ended well');
    assert(stderr.trim() !== '', 'it gave no reason on stderr');
  });
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-eval-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runPlan({ argv, env = {}, files }: EvalPlan, folder: string, endpoint: string) {
  const fill = (text: EvalText): string =>
    typeof text === 'string'
      ? text
      : text.map((part) => (typeof part === 'string' ? part : { endpoint, folder }[part.ref])).join('');
  for (const [path, file] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if ('source' in file) await copyFile(file.source, join(folder, path));
    else await writeFile(join(folder, path), fill(file.text));
  }
  const own = Object.fromEntries(Object.entries(env).map(([key, text]) => [key, fill(text)]));
  return execa(process.execPath, argv.map(fill), {
    ...{ cwd: folder, env: own, reject: false, stdin: 'ignore', timeout: GONE_S * 1000 },
  });
}

async function textsIn(folder: string, { results }: EvalPlan): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all(
    results.map(
      async (file) => [file, await readFile(join(folder, file), 'utf8').catch(() => undefined)] as const,
    ),
  );
  return new Map(texts.flatMap(([file, text]) => (text === undefined ? [] : [[file, text] as const])));
}
