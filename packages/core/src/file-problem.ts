import { messageOf } from './errors.js';

/** Meanings of the system's error codes; the path is printed elsewhere. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'this process has too many files open (`ulimit -n` shows the limit)',
  ENFILE: 'this machine has too many files open',
};

/** Why a file can't be read, on one line and without its path. */
export function fileProblem(thrown: unknown): string {
  const { code, issues } = thrown as { readonly code?: unknown; readonly issues?: unknown };
  if (typeof code === 'string' && code in MEANINGS) return MEANINGS[code] ?? code;
  if (thrown instanceof SyntaxError) return `it is not JSON (${thrown.message})`;
  if (Array.isArray(issues)) return issuesText(issues as readonly Issue[]);
  return messageOf(thrown);
}

/** An issue of a schema. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function issuesText(issues: readonly Issue[]): string {
  const [first, ...others] = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  const more = others.length === 0 ? '' : `, and ${others.length} more problems`;
  return `it has a wrong format (${first ?? 'no reason given'}${more})`;
}
