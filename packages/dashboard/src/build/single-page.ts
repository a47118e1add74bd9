import { createHash } from 'node:crypto';
import { open, stat, writeFile } from 'node:fs/promises';
import { SweeplineError, writing, type Mask } from '@sweepline/core';
import { writeWhole } from '@sweepline/store/files';
import { SITE_SCHEMA } from '../site/site-data.js';
import { inScript, jsonText, type DataFiles } from './data-files.js';
import { readPage, type PageFiles } from './page-files.js';
import { writeData, type SiteOptions } from './write-data.js';
import type { SitePoints } from './write-tables.js';

/** By which a page is known as one of these. */
const GENERATOR = `<meta name="generator" content="${SITE_SCHEMA}" />`;
const HEAD_BYTES = 4096;

/**
 * Writes a site as one file, which loads nothing: its own program and style are in it, and its policy allows them by their digests.
 * @throws {SweeplineError} USAGE if something else is there, RESULT_WRITE_FAILED
 */
export async function writeSinglePage(
  path: string,
  source: SitePoints,
  options: SiteOptions,
  mask: Mask,
): Promise<void> {
  const page = await readPage();
  await refuseOther(path);
  const data: string[] = [];
  const files: DataFiles = {
    write(name, value) {
      const attributes = `type="application/json" data-name="${attribute(name)}"`;
      data.push(`<script ${attributes}>${inScript(jsonText(value, mask))}</script>\n`);
      return Promise.resolve();
    },
  };
  await writeData(source, files, options);
  await writing(path, () => writeWhole(path, (temporary) => writeFile(temporary, singlePage(page, data))));
}

/** @throws {SweeplineError} USAGE */
async function refuseOther(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || (found.isFile() && (await beginOf(path)).includes(GENERATOR))) return;
  throw new SweeplineError('USAGE', `${path} is there, and is no page of a site`, {
    hint: 'Name a file that does not exist yet.',
  });
}

async function beginOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The page with all in it, in pieces. */
function singlePage({ html, script, style }: PageFiles, data: readonly string[]): readonly string[] {
  const program = ownScript(script);
  const head = [
    [/script-src 'self'/, `script-src '${digest(program)}'`],
    [/style-src 'self'/, `style-src '${digest(style)}'`],
    [/<link rel="stylesheet"[^>]*>/, `${GENERATOR}<style>${style}</style>`],
    [/<script\b[^>]*\bsrc="[^"]*"[^>]*><\/script>/, ''],
  ] as const;
  const own = head.reduce((text, [pattern, by]) => replaced(text, pattern, by), html);
  const end = own.lastIndexOf('</body>');
  if (end < 0 || /<\/style/i.test(style)) throw new Error('the page can not be made one file');
  return [own.slice(0, end), ...data, `<script>${program}</script>\n`, own.slice(end)];
}

function replaced(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`the page has no ${pattern.source}`);
  return text.replace(pattern, () => by);
}

/** A program that means the same and doesn't end its script: what it has of that is in texts and in patterns. */
function ownScript(script: string): string {
  return script.replaceAll(/<(?=\/script|!--|script)/gi, '\\x3c');
}

/** As a policy names it. */
function digest(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
