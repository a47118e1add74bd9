import { fileURLToPath } from 'node:url';

/** Folder of core itself: frames of its helpers say nothing about the plugin that called them. The client bundle is a single file. */
const CORE = /\/watch\/place-of\.[jt]s$/.test(import.meta.url)
  ? new URL('..', import.meta.url).href
  : import.meta.url;
const FRAME = /\(?((?:file:\/\/)?\/[^()\n]+):(\d+):\d+\)?$/;

/** `file:line` of the first frame of an error's stack outside of core, if there is one. */
export function placeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return undefined;
  for (const line of thrown.stack.split('\n')) {
    if (!line.trimStart().startsWith('at ') || line.includes('node:internal/')) continue;
    const [, file = '', row = ''] = FRAME.exec(line.trim()) ?? [];
    if (file === '' || file.startsWith(CORE)) continue;
    return `${file.startsWith('file:') ? fileURLToPath(file) : file}:${row}`;
  }
  return undefined;
}
