import { homedir, tmpdir } from 'node:os';

/** The user's folder. In containers users may have none, and no name either: what would be kept there is kept among temporary files. */
export function homeFolder({ HOME }: Readonly<Record<string, string | undefined>>): string {
  if (HOME !== undefined && HOME !== '') return HOME;
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}
