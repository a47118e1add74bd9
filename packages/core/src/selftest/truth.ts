import { codecOf } from '../load/client/codecs/index.js';
import { digestOf } from './golden/asked.js';
import type { GoldenLog, GoldenRequest } from './golden/log.js';
import { promptSource } from '../load/prompts/source.js';
import { tokenIdPrompts } from '../load/prompts/token-ids.js';
import { specOf, type Cell } from './cell.js';

/** What the server knows about the requests that a cell measures. */
export interface Truth {
  readonly requests: readonly GoldenRequest[];
  /** By index, if bodies identify requests; with gaps where none arrived. */
  readonly byIndex?: readonly (GoldenRequest | undefined)[];
}

export function truthOf(cell: Cell, { requests: all }: GoldenLog): Truth {
  const digests = digestsOf(cell);
  // All earlier requests had ended when the measured ones began.
  if (digests === undefined) return { requests: all.slice(-cell.requests) };
  const own = new Set(digests);
  const requests = all.filter(({ digest }) => own.has(digest));
  const byDigest = new Map(requests.map((request) => [request.digest, request]));
  return { requests, byIndex: digests.map((digest) => byDigest.get(digest)) };
}

/** The expected bodies of a cell's requests, by index; unknown for texts, because the client finds out their lengths by asking. */
export function digestsOf(cell: Cell): readonly string[] | undefined {
  const spec = specOf(cell, '', '');
  const { prompts } = spec;
  if (prompts.kind !== 'random' || prompts.form !== 'token-ids' || prompts.vocabulary === undefined)
    return undefined;
  const { measured } = tokenIdPrompts(prompts, spec, prompts.vocabulary, []).prompts;
  const [prompt, write] = [promptSource(measured), codecOf(cell.api).bodyWriter(spec)];
  return Array.from({ length: cell.requests }, (_, index) => digestOf(write(prompt(index))));
}
