/** Digits of a token in names, which people read; labels have all of it. */
const DIGITS = 12;

/** The name of a container of a session. */
export function containerName(token: string, key: string): string {
  return `sweepline-${token.slice(0, DIGITS)}-${key}`;
}
