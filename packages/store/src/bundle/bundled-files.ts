import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import {
  createMask,
  parseResult,
  secretsIn,
  SweeplineError,
  type Result,
  type ResultFiles,
} from '@sweepline/core';
import { object, text, type Json } from '../json.js';
import { RESULT_FILE, RUN_FILE } from './find-result.js';
import type { BundledFile, Reasoned } from './manifest.js';
import { filesOf } from './point-files.js';
import { nameProblem } from './tar.js';

/** A file that goes into a bundle. */
export interface SourceFile extends BundledFile {
  /** Where its content is: a file, or here. */
  readonly from: string | Buffer;
}

/** A point, as its run kept it. */
export interface StoredPoint {
  readonly result: Result;
  readonly run: Json;
  readonly files: readonly SourceFile[];
  /** Names of the point's files. */
  readonly names: ResultFiles;
  readonly missing: readonly Reasoned[];
  readonly leftOut: readonly Reasoned[];
}

/** Members of run.json about the process and the machine that it was started on. */
const OWN_TO_THE_MACHINE = ['process', 'command'];

export interface StoredPointOptions {
  /** Whether logs are wanted. */
  readonly logs: boolean;
  /** Environment whose secrets no file may hold. */
  readonly env: Readonly<Record<string, unknown>>;
  /** Folder that config files must be in. */
  readonly root: string;
}

/** The order of files in a bundle is that of their names. @throws {SweeplineError} RESULT_READ_FAILED */
export async function readStoredPoint(
  folder: string,
  { logs, env, root }: StoredPointOptions,
): Promise<StoredPoint> {
  const resultFile = join(folder, RESULT_FILE);
  const result = await parseResult(await readText(resultFile), resultFile);
  const runFile = join(dirname(dirname(folder)), RUN_FILE);
  const run = object(JSON.parse(await readText(runFile)));
  const names = filesOf(result, await readdir(folder));
  const { logs: logFiles = [], ...others } = names;
  const config = await configFiles(run, root);
  const published = Object.fromEntries(
    Object.entries(run).filter(([key]) => !OWN_TO_THE_MACHINE.includes(key)),
  );
  const sources: (readonly [name: string, from: string | Buffer])[] = [
    [RESULT_FILE, resultFile],
    [RUN_FILE, Buffer.from(`${JSON.stringify(published, undefined, 2)}\n`)],
    ...Object.values(others).map((name) => [name, join(folder, name)] as const),
    ...(logs ? logFiles.map(({ file }) => [file, join(folder, file)] as const) : []),
    ...config.files,
  ];
  const detect = (): ((bytes: Buffer) => boolean) => createMask(secretsIn(env)).detector();
  const files: SourceFile[] = [];
  for (const [name, from] of sources) files.push(await described(name, from, detect()));
  return {
    result,
    run,
    names,
    files: files.sort((a, b) => (a.name < b.name ? -1 : 1)),
    missing: config.missing,
    leftOut: [
      ...(logs || logFiles.length === 0
        ? []
        : [{ what: 'logs', why: 'they may name users and hosts; --logs adds them' }]),
      ...OWN_TO_THE_MACHINE.filter((key) => key in run).map((key) => ({
        what: `${RUN_FILE}#/${key}`,
        why: 'it is about the machine that the sweep was started on',
      })),
    ],
  };
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SweeplineError('RESULT_READ_FAILED', `can't read ${file}: ${String(cause)}`, { cause });
  });
}

/** Size and digest of a content. @throws {SweeplineError} RESULT_READ_FAILED, RESULT_INVALID if it holds a secret */
async function described(
  name: string,
  from: string | Buffer,
  isSecret: (bytes: Buffer) => boolean,
): Promise<SourceFile> {
  const problem = nameProblem(name) ?? (typeof from === 'string' ? await fileKindProblem(from) : undefined);
  if (problem !== undefined)
    throw new SweeplineError('RESULT_READ_FAILED', `can't bundle ${name}: ${problem}`);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of contentOf(from)) {
    hash.update(chunk);
    bytes += chunk.length;
    if (isSecret(chunk))
      throw new SweeplineError('RESULT_INVALID', `${name} holds a secret of this environment: no bundle`, {
        hint: 'Remove it from that file, and measure again if the file is a part of the result.',
      });
  }
  return { name, bytes, sha256: hash.digest('hex'), from };
}

/** A link might lead out of the point's folder. */
async function fileKindProblem(file: string): Promise<string | undefined> {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return 'the result names it, and it is not there';
  return found.isFile() ? undefined : 'it is not a regular file';
}

export async function* contentOf(from: string | Buffer): AsyncIterable<Buffer> {
  if (typeof from !== 'string') yield from;
  else for await (const chunk of createReadStream(from)) yield chunk as Buffer;
}

/**
 * The run's config files. A run keeps their paths only: one that has been written since the run began may say something else now, and is
 * missing.
 */
async function configFiles(
  run: Json,
  root: string,
): Promise<{
  readonly files: readonly (readonly [string, string])[];
  readonly missing: readonly Reasoned[];
}> {
  const paths = Array.isArray(run['configFiles'])
    ? run['configFiles'].flatMap((path) => text(path) ?? [])
    : [];
  const begun = Date.parse(text(run['startedAt']) ?? '');
  const files: (readonly [string, string])[] = [];
  const missing: Reasoned[] = [];
  const folders = new Set<string>();
  for (const path of paths) {
    const why = await configProblem(path, begun, root);
    if (why !== undefined) missing.push({ what: `config ${basename(path)}`, why });
    else files.push([join(folderFor(basename(path), folders), basename(path)), path]);
  }
  if (paths.length === 0) missing.push({ what: 'config', why: 'the run names no config files' });
  return { files, missing };
}

/** A run's folder may come from others, who could name any file of this machine. */
async function configProblem(path: string, begun: number, root: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return 'it is no longer there';
  const isInside = (await realpath(path)).startsWith(`${await realpath(root)}${sep}`);
  if (!isInside || !found.isFile() || !/\.ya?ml$/.test(path))
    return 'it is not a YAML file of this workspace';
  if (!(found.mtimeMs <= begun)) return 'it was written after the run had begun';
  return nameProblem(basename(path));
}

/** Config files of the same name have folders of their own. */
function folderFor(name: string, taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const folder = number === 1 ? 'config' : `config-${number}`;
    const path = `${folder}/${name}`;
    if (taken.has(path)) continue;
    taken.add(path);
    return folder;
  }
}
