// @ts-check
import { CLIENT } from './client.js';
import { CONNECTIONS } from './connections.js';
import { FAILURES } from './failures.js';
import { MACHINE } from './machine.js';
import { PROMPTS } from './prompts.js';
import { STALLS } from './stalls.js';
import { TOKENS } from './tokens.js';
import { USAGE } from './usage.js';

/** @type {readonly import('../run-fault.js').Fault[]} */
export const FAULTS = [
  ...USAGE,
  ...TOKENS,
  ...PROMPTS,
  ...FAILURES,
  ...STALLS,
  ...CONNECTIONS,
  ...MACHINE,
  ...CLIENT,
];
