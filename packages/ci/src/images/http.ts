import { messageOf } from '@sweepline/core';

/** Bytes of an answer: OCI's limit for manifests is 4 MiB, and lists of tags have pages. */
const LARGEST = 4 * 1024 * 1024;
const MOST_REDIRECTS = 5;

/** What a registry answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

/** Something that a registry did, or didn't do. The message has no secrets and no addresses that may hold some. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a POST. */
  readonly form?: URLSearchParams;
  readonly signal: AbortSignal;
}

/**
 * Asks, following redirects; what proves who asks is sent to no other origin, and never without TLS after TLS.
 * @throws {RegistryError}
 */
export async function request(url: URL, { headers = {}, form, signal }: Ask): Promise<Answer> {
  let [at, sent] = [url, headers];
  for (let left = MOST_REDIRECTS; ; left--) {
    const response = await fetch(at, {
      headers: sent,
      redirect: 'manual',
      signal,
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    }).catch((error: unknown) => {
      throw failure(error, signal);
    });
    const location =
      response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null)
      return {
        status: response.status,
        headers: response.headers,
        body: await bodyOf(response, signal),
        url: at,
      };
    await response.body?.cancel().catch(() => {});
    if (left === 0) throw new RegistryError('redirects too often');
    const next = URL.canParse(location, at.href) ? new URL(location, at) : undefined;
    if (
      next === undefined ||
      !/^https?:$/.test(next.protocol) ||
      (at.protocol === 'https:' && next.protocol === 'http:')
    )
      throw new RegistryError('redirects to an address that is not safe');
    if (form !== undefined) throw new RegistryError('redirects where tokens are asked for');
    if (next.origin !== at.origin)
      sent = Object.fromEntries(Object.entries(sent).filter(([name]) => name !== 'authorization'));
    at = next;
  }
}

async function bodyOf(response: Response, signal: AbortSignal): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const stream: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
    if (stream === undefined) return Buffer.alloc(0);
    for await (const part of stream) {
      size += part.length;
      if (size > LARGEST) throw new RegistryError(`answers with more than ${LARGEST} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof RegistryError ? error : failure(error, signal);
  }
  return Buffer.concat(parts);
}

function failure(error: unknown, signal: AbortSignal): RegistryError {
  if (signal.aborted) {
    const isLate = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
    return new RegistryError(isLate ? 'does not answer in time' : 'was not waited for', { cause: error });
  }
  const { cause } = error instanceof Error ? error : { cause: undefined };
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return new RegistryError(`can't be reached: ${code ?? messageOf(cause ?? error)}`, { cause: error });
}
