import { accessHeaders, tlsOptions, type Access } from '../client/access.js';
import { parseExposition, type Sample } from './exposition.js';
import { parseIterationStats } from './iteration-stats.js';

/** Much more than any engine sends: vLLM's metrics are about 100 kB per engine. */
const LONGEST_BODY = 4 * 1024 * 1024;

/** A slower server is skipped until the next turn, so that the end of a run doesn't wait for an answer. */
const TIMEOUT_MS = 2000;

/** Requests metrics from one address, over its own persistent connection. */
export interface Scraper {
  /** Samples with wanted names. Rejects when there are no metrics, or none within the limits of time and size. */
  scrape(): Promise<readonly Sample[]>;
  close(): Promise<void>;
}

class UnexpectedStatus extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/** Whether the address doesn't exist, as on servers without metrics. */
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
  // Loaded only if there is something to scrape: it needs as much time and memory as the rest of a load process.
  const { Client } = await import('undici');
  const client = new Client(url.origin, { maxResponseSize: LONGEST_BODY, ...tlsOptions({ insecure }) });
  const headers = {
    // Not OpenMetrics: if that is requested, Python's client replaces the colons in names by `_`.
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

/** Lists come from TensorRT-LLM; servers without metrics may send an empty answer. */
function parse(text: string, wanted: (name: string) => boolean): readonly Sample[] {
  if (text.trim() === '') throw new SyntaxError('an empty answer');
  if (text.startsWith('[')) return parseIterationStats(text).filter(({ name }) => wanted(name));
  return parseExposition(text, wanted);
}
