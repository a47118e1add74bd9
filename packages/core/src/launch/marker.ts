import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Variable in the environment of everything that is started, by which descendants are found wherever they went. */
export const MARKER = 'SWEEPLINE_TOKEN';

/** A token that nothing else has. What belongs to it has tokens that continue it: `<token>.1`. */
export function newToken(): string {
  return randomBytes(16).toString('hex');
}

/** Environment of a process with this token. A Sweepline that was itself started by one keeps the tokens it has. */
export function markedWith(token: string): Readonly<Record<string, string>> {
  const inherited = process.env[MARKER];
  return { [MARKER]: inherited === undefined ? token : `${inherited},${token}` };
}

/**
 * Whether a process was started with a token, or with one that continues it. Unknown, and so no, for processes of others, and
 * for those that overwrote their environment.
 */
export function isMarked(pid: number, token: string): boolean {
  let environment: string;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return false;
  }
  if (!environment.includes(token)) return false;
  const variable = environment.split('\0').find((entry) => entry.startsWith(`${MARKER}=`)) ?? '';
  const tokens = variable.slice(MARKER.length + 1).split(',');
  return tokens.some((own) => own === token || own.startsWith(`${token}.`));
}
