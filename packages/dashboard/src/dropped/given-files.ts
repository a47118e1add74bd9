import type { FileTree, TreeEntry } from '@sweepline/store/rows';

/** A file that a page was given. */
export interface GivenFile {
  /** With `/`; its first part is what was dropped or picked. */
  readonly path: string;
  readonly content: Blob;
}

/** Where files of one drop are put: what is dropped by itself has a run of this name. */
export const DROP = 'dropped files';
/** Files of a run that mean nothing apart. */
const OF_A_RUN: ReadonlySet<string> = new Set(['run.json', 'results.ndjson', 'journal.ndjson']);

/** A page reads files at once, and does nothing else meanwhile: bytes of what it reads at most. */
export const LARGEST_FILE = 32 * 2 ** 20;

/** Files by their paths. More can be added. */
export class GivenFiles implements FileTree {
  readonly #files = new Map<string, Blob>();
  readonly #folders = new Map<string, Map<string, TreeEntry['kind']>>();

  #drops = 0;

  /** Adds what was dropped at once, and gives the folder that it is in. */
  addDrop(files: Iterable<GivenFile>): string {
    this.#drops += 1;
    const folder = `${this.#drops}/${DROP}`;
    for (const { path, content } of files) {
      const within = OF_A_RUN.has(path) ? `a run/${path}` : path;
      for (let number = 1, tried = within; ; tried = `${++number}/${within}`) {
        if (this.#files.has(`${folder}/${tried}`)) continue;
        this.#add(`${folder}/${tried}`, content);
        break;
      }
    }
    return folder;
  }

  #add(path: string, content: Blob): void {
    this.#files.set(path, content);
    const parts = path.split('/');
    for (let depth = parts.length - 1; depth >= 0; depth -= 1) {
      const folder = parts.slice(0, depth).join('/');
      const entries = this.#folders.get(folder) ?? new Map<string, TreeEntry['kind']>();
      this.#folders.set(folder, entries);
      const name = parts[depth] ?? '';
      if (entries.has(name)) return;
      entries.set(name, depth === parts.length - 1 ? 'file' : 'folder');
    }
  }

  entries(folder: string): Promise<readonly TreeEntry[] | undefined> {
    const entries = this.#folders.get(folder);
    return Promise.resolve(
      entries &&
        [...entries].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
  }

  size(file: string): Promise<number | undefined> {
    return Promise.resolve(this.#files.get(file)?.size);
  }

  async bytes(file: string, from = 0): Promise<Uint8Array<ArrayBuffer>> {
    const content = this.#read(file, from);
    if (content === undefined) throw new Error('there is no such file');
    return new Uint8Array(await content.arrayBuffer());
  }

  async *lines(file: string): AsyncIterable<string> {
    const content = this.#read(file);
    if (content === undefined) return;
    const text = new TextDecoder().decode(await content.arrayBuffer());
    for (let from = 0; from < text.length;) {
      const end = text.indexOf('\n', from);
      const to = end < 0 ? text.length : end;
      yield text.slice(from, to).replace(/\r$/, '');
      from = to + 1;
    }
  }

  within(folder: string, name: string): Promise<string | undefined> {
    const path: string[] = [];
    for (const part of `${folder}/${name}`.split('/')) {
      if (part === '..') path.pop();
      else if (part !== '.' && part !== '') path.push(part);
    }
    const found = path.join('/');
    return Promise.resolve(found.startsWith(`${folder}/`) && this.#files.has(found) ? found : undefined);
  }

  #read(file: string, from = 0): Blob | undefined {
    const content = this.#files.get(file)?.slice(from);
    if (content !== undefined && content.size > LARGEST_FILE)
      throw new Error(
        `it has ${megabytes(content.size)}, and this page reads files of up to ${megabytes(LARGEST_FILE)}: sweepline import and sweepline dashboard build read larger ones`,
      );
    return content;
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
