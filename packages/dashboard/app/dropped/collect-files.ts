import type { GivenFile } from '../../src/dropped/given-files.js';

/** Files that are read of a folder; a larger one is more likely a mistake. */
const MOST_FILES = 20_000;

/** Files of what was dropped, folders with all that is in them. @throws {Error} if they are too many, or can't be read */
export async function droppedFiles({ items }: DataTransfer): Promise<readonly GivenFile[]> {
  // What items have is gone once the event has been handled.
  const given = [...items].filter(({ kind }) => kind === 'file').map(itemOf);
  const files: GivenFile[] = [];
  for (const { entry, handle, file } of given) {
    if (entry === null || !isFolder(entry)) {
      if (file !== null) files.push({ path: file.name, content: file });
      continue;
    }
    const folder = await handle;
    if (folder instanceof FileSystemDirectoryHandle) await walkHandle(folder, folder.name, files);
    else await walk(entry, entry.name, files);
  }
  return files;
}

/** Chromium opens folders by handles alone in pages that are files themselves; other browsers may know none. */
interface HandedItem {
  getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
}

function itemOf(item: DataTransferItem & HandedItem) {
  const entry = item.webkitGetAsEntry();
  const handle = entry?.isDirectory === true ? item.getAsFileSystemHandle?.().catch(() => null) : undefined;
  return { entry, handle, file: item.getAsFile() };
}

/** Files of a field for files or for a folder. @throws {Error} if they are too many */
export function pickedFiles(list: Iterable<File>): readonly GivenFile[] {
  const files = [...list].map((file): GivenFile => {
    const path = file.webkitRelativePath;
    return { path: path === '' ? file.name : path, content: file };
  });
  refuseMany(files.length);
  return files;
}

async function walkHandle(
  folder: FileSystemDirectoryHandle,
  path: string,
  files: GivenFile[],
): Promise<void> {
  for await (const entry of folder.values()) {
    const name = `${path}/${entry.name}`;
    if (entry instanceof FileSystemDirectoryHandle) await walkHandle(entry, name, files);
    else if (entry instanceof FileSystemFileHandle)
      files.push({ path: name, content: await entry.getFile() });
    refuseMany(files.length);
  }
}

async function walk(folder: FileSystemDirectoryEntry, path: string, files: GivenFile[]): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    const name = `${path}/${entry.name}`;
    if (isFolder(entry)) await walk(entry, name, files);
    else if (isFile(entry)) files.push({ path: name, content: await fileOf(entry) });
    refuseMany(files.length);
  }
}

/** They come in parts, the last of which is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return all;
    all.push(...part);
    refuseMany(all.length);
  }
}

/* Their classes have other names in Chromium. */
function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function refuseMany(files: number): void {
  if (files > MOST_FILES)
    throw new Error(`there are more than ${MOST_FILES.toLocaleString('en')} files: choose a smaller folder`);
}
