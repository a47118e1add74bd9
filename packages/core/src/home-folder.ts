import { homedir, tmpdir } from 'node:os';

/** The user's home folder. Users in containers may have neither a home nor a name; then files go to a temporary folder. */
export function homeFolder({ HOME }: Readonly<Record<string, string | undefined>>): string {
  if (HOME !== undefined && HOME !== '') return HOME;
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}
