import { InvalidArgumentError } from 'commander';

const MOST = 1_000_000;

export function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= MOST) return value;
  throw new InvalidArgumentError(`expected seconds above 0, at most ${MOST}`);
}

/** The same, with 0 allowed for none. */
export function secondsOrNone(text: string): number {
  return text === '0' ? 0 : seconds(text);
}
