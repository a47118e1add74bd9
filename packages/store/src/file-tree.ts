/** What a folder has. */
export interface TreeEntry {
  readonly name: string;
  /** `other`: a link, or something that can't be read as a file. */
  readonly kind: 'file' | 'folder' | 'other';
}

/**
 * Where files are read: a disk, or what a browser was given. What reads results takes one, so that there is one reader for both. Paths have
 * `/` between their parts.
 */
export interface FileTree {
  /** In the order of their names; undefined where there is no such folder. @throws {Error} if it can't be read */
  entries(folder: string): Promise<readonly TreeEntry[] | undefined>;
  /** Bytes of a file; undefined where there is none. */
  size(file: string): Promise<number | undefined>;
  /**
   * @param from first byte that is read
   * @throws {Error} if it can't be read
   */
  bytes(file: string, from?: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Without their ends; none where there is no such file. */
  lines(file: string): AsyncIterable<string>;
  /** Path of a file that something in a folder names, links followed; undefined where it is outside of the folder, or isn't there. */
  within(folder: string, name: string): Promise<string | undefined>;
}

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of a file in UTF-8. @throws {Error} if it can't be read */
export async function textIn(tree: FileTree, file: string): Promise<string> {
  return UTF8.decode(await tree.bytes(file));
}
