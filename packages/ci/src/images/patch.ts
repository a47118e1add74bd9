import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isThere, SweeplineError } from '@sweepline/core';
import { withEntry } from '@sweepline/core/matrix';
import type { ImageReport } from './check-images.js';
import type { ConfigImage } from './config-images.js';

/** A file as it is, and as it should be. */
export interface FileChange {
  /** Relative to the folder that configs were looked up from. */
  readonly file: string;
  /** Undefined for a file that isn't there. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Places that have to be changed by hand, such as an image that is written once and referred to by an alias. */
export interface LeftOut {
  readonly entry: ConfigImage;
  readonly proposal: string;
}

/**
 * What proposals change: in configs the image, and nothing else; in the changelog an entry for each image.
 * @throws {SweeplineError} when the changelog isn't valid, or a config has changed since it was read
 */
export async function patchOf(
  reports: readonly ImageReport[],
  changelog: string,
  cwd: string,
): Promise<{ readonly changes: readonly FileChange[]; readonly leftOut: readonly LeftOut[] }> {
  const texts = new Map<string, { before: string | undefined; after: string }>();
  const leftOut: LeftOut[] = [];
  const bumps: { readonly image: string; readonly proposal: string; readonly keys: string[] }[] = [];
  for (const { image, proposal, entries } of reports) {
    if (proposal === undefined) continue;
    const keys: string[] = [];
    for (const entry of entries) {
      const text = texts.get(entry.file) ?? (await textOf(entry.file, cwd));
      const after = replaced(text.after, entry, proposal);
      if (after === undefined) leftOut.push({ entry, proposal });
      else {
        texts.set(entry.file, { ...text, after });
        keys.push(entry.key);
      }
    }
    if (keys.length > 0) bumps.push({ image, proposal, keys });
  }
  if (bumps.length > 0) texts.set(changelog, await withBumps(changelog, bumps, cwd));
  return { changes: [...texts].map(([file, text]) => ({ file, ...text })), leftOut };
}

async function textOf(
  file: string,
  cwd: string,
): Promise<{ readonly before: string; readonly after: string }> {
  const text = await readFile(resolve(cwd, file), 'utf8');
  return { before: text, after: text };
}

async function withBumps(
  file: string,
  bumps: readonly { readonly image: string; readonly proposal: string; readonly keys: readonly string[] }[],
  cwd: string,
): Promise<{ readonly before: string | undefined; readonly after: string }> {
  const before = (await isThere(resolve(cwd, file))) ? await readFile(resolve(cwd, file)) : undefined;
  let after = before ?? Buffer.alloc(0);
  for (const { image, proposal, keys } of bumps) {
    const description = [`Image ${proposal}, from ${image}`];
    const entry = { configKeys: keys, description, prLink: 'XXX', evalsOnly: false };
    after = Buffer.from(await withEntry(after, entry, file));
  }
  return { before: before?.toString(), after: after.toString() };
}

/** Images are written on one line, so that the other positions of the file stay. Undefined if it isn't written there. */
function replaced(text: string, { line, column, image }: ConfigImage, proposal: string): string | undefined {
  const lines = text.split('\n');
  const written = lines[line - 1] ?? '';
  const [start, rest] = [written.slice(0, column - 1), written.slice(column - 1)];
  const key = /^(["']?)image\1\s*:\s*(["']?)/.exec(rest)?.[0];
  if (key === undefined || !rest.startsWith(image, key.length)) return undefined;
  const end = rest.slice(key.length + image.length);
  if (!/^(?:["',}\s]|$)/.test(end)) return undefined;
  lines[line - 1] = `${start}${key}${proposal}${end}`;
  return lines.join('\n');
}

/** @throws {SweeplineError} RUN_BUSY for a file that is no longer as it was read */
export async function checkUnchanged({ file, before }: FileChange, cwd: string): Promise<void> {
  const now = await readFile(resolve(cwd, file), 'utf8').catch(() => undefined);
  if (now === before) return;
  throw new SweeplineError('RUN_BUSY', `${file} was changed by another program meanwhile`, {
    where: { file },
    hint: 'Run the command again.',
  });
}
