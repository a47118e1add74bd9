import { createHash } from 'node:crypto';
import { isObject } from '../../load/client/codec.js';
import type { ApiName } from '../../load/client/codecs/names.js';
import { formatOf } from './formats/index.js';

/** The parameters of a request. */
export interface Asked {
  readonly tokens: number;
  readonly promptTokens: number;
}

/** Identifies a request by its body; a client can compute it from what it sends. */
export function digestOf(body: Buffer | string): string {
  return createHash('sha1').update(body).digest('hex').slice(0, 16);
}

/** Reads a request's body; undefined if it doesn't ask for a stream of tokens. */
export function readAsked(api: ApiName, body: Buffer): Asked | undefined {
  const format = formatOf(api);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(value) || value['stream'] !== true) return undefined;
  const tokens = format.tokensOf(value);
  if (typeof tokens !== 'number' || !Number.isInteger(tokens) || tokens < 1) return undefined;
  return { tokens, promptTokens: countTokens(format.promptOf(value)) };
}

/** Token ids count as they are, texts by their words. */
function countTokens(prompt: unknown): number {
  if (typeof prompt === 'string') return prompt.split(/\s+/).filter(Boolean).length;
  if (!Array.isArray(prompt)) return 0;
  const messages = prompt.filter(isObject);
  if (messages.length === 0) return prompt.length;
  return messages.reduce((sum, { content }) => sum + countTokens(content), 0);
}
