/** A request received on a connection. */
export interface HttpRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Whether the client keeps the connection open. */
  readonly keepAlive: boolean;
  /** Valid until the next read: copy it to keep it. */
  readonly body: Buffer;
}

const BORDER = '\r\n\r\n';
const LONGEST_HEAD = 65_536;

export class BadRequest extends Error {}

/** Reads HTTP/1.1 requests with a body of a given length, or none. */
export class RequestReader {
  private chunks: Buffer[] = [];
  private length = 0;
  /** Number of bytes that the request needs at least. */
  private needed = 0;

  /**
   * The requests that are complete with these bytes.
   * @throws {BadRequest}
   */
  feed(chunk: Buffer): HttpRequest[] {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length < this.needed) return [];
    let bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
    const requests: HttpRequest[] = [];
    for (let next = this.read(bytes); next !== undefined; next = this.read(bytes)) {
      requests.push(next.request);
      bytes = bytes.subarray(next.length);
    }
    this.chunks = bytes.length > 0 ? [bytes] : [];
    this.length = bytes.length;
    return requests;
  }

  private read(bytes: Buffer): { readonly request: HttpRequest; readonly length: number } | undefined {
    this.needed = 0;
    const headEnd = bytes.indexOf(BORDER);
    if (headEnd === -1) {
      if (bytes.length > LONGEST_HEAD) throw new BadRequest('the head has no end');
      return undefined;
    }
    const head = bytes.toString('latin1', 0, headEnd);
    const length = headEnd + BORDER.length + bodyLength(head);
    if (bytes.length < length) {
      this.needed = length;
      return undefined;
    }
    const [method = '', target = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
    const request = {
      method,
      path: target.replace(/\?.*$/, ''),
      keepAlive: !/^connection:[ \t]*close/im.test(head),
      body: bytes.subarray(headEnd + BORDER.length, length),
    };
    return { request, length };
  }
}

function bodyLength(head: string): number {
  if (/^transfer-encoding:/im.test(head)) throw new BadRequest('bodies must have a content-length');
  const length = Number(/^content-length:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0);
  if (!Number.isSafeInteger(length)) throw new BadRequest('content-length is not a number');
  return length;
}
