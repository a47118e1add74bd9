import { open } from 'node:fs/promises';

/** Makes a file, or the names in a folder, survive a power loss. */
export async function synced(path: string): Promise<void> {
  const file = await open(path);
  await file.sync().finally(() => file.close());
}
