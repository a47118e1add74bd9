import { InvalidArgumentError } from 'commander';
import { MOST_TOKENS } from '../../load/workloads/fields.js';
import { positiveInteger, wholeNumber } from '../options.js';

/** A run's requests are made before it starts, and have to fit memory. */
const MOST_REQUESTS = 2 ** 24;

export function tokens(text: string): number {
  return atMost(MOST_TOKENS, positiveInteger(text));
}

export function tokensOrNone(text: string): number {
  return atMost(MOST_TOKENS, wholeNumber(text));
}

export function requests(text: string): number {
  return atMost(MOST_REQUESTS, positiveInteger(text));
}

export function requestsOrNone(text: string): number {
  return atMost(MOST_REQUESTS, wholeNumber(text));
}

function atMost(most: number, value: number): number {
  if (value <= most) return value;
  throw new InvalidArgumentError(`expected ${most} at most`);
}
