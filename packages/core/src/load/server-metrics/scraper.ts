import { accessHeaders, tlsOptions, type Access } from '../client/access.js';
import { parseExposition, type Sample } from './exposition.js';
import { parseIterationStats } from './iteration-stats.js';

/** More than any engine has by far: vLLM's metrics are some 100 kB for each of its engines. */
const LONGEST_BODY = 4 * 1024 * 1024;

/** A server that takes longer is left alone until its next turn, so that no answer is waited for when a run ends. */
const TIMEOUT_MS = 2000;

/** Asks one address for its metrics, over a connection of its own that is kept. */
export interface Scraper {
  /** Samples of the wanted names. Rejects when there are no metrics, or none within the limits of time and size. */
  scrape(): Promise<readonly Sample[]>;
  close(): Promise<void>;
}

class UnexpectedStatus extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/** Whether there is nothing at the address that was asked, as on servers without metrics. */
export function isAbsent(error: unknown): boolean {
  return error instanceof UnexpectedStatus && [404, 405, 501].includes(error.status);
}

export async function createScraper(
  url: URL,
  wanted: (name: string) => boolean,
  {
    timeoutMs = TIMEOUT_MS,
    insecure,
    ...access
  }: Access & { readonly timeoutMs?: number; readonly insecure?: boolean | undefined } = {},
): Promise<Scraper> {
  // Loaded where there is something to scrape: it takes as long and as much memory as all the rest of a load process.
  const { Client } = await import('undici');
  const client = new Client(url.origin, { maxResponseSize: LONGEST_BODY, ...tlsOptions({ insecure }) });
  const headers = {
    // Not OpenMetrics: where it was asked for, Python's client writes `_` for the colons in names.
    accept: 'text/plain;version=0.0.4, */*;q=0.1',
    ...accessHeaders(access),
  };
  return {
    async scrape() {
      const { statusCode, body } = await client.request({
        method: 'GET',
        path: `${url.pathname}${url.search}`,
        headers,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await body.text();
      if (statusCode !== 200) throw new UnexpectedStatus(statusCode);
      return parse(text, wanted);
    },
    close: () => client.destroy(),
  };
}

/** Lists are TensorRT-LLM's; an empty answer is what servers give that know no metrics. */
function parse(text: string, wanted: (name: string) => boolean): readonly Sample[] {
  if (text.trim() === '') throw new SyntaxError('an empty answer');
  if (text.startsWith('[')) return parseIterationStats(text).filter(({ name }) => wanted(name));
  return parseExposition(text, wanted);
}
