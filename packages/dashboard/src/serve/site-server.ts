import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { extname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf, SweeplineError } from '@sweepline/core';

/** Only this machine reaches it. */
const HOST = '127.0.0.1';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.parquet': 'application/vnd.apache.parquet',
};

/** A server of a folder's files. */
export interface SiteServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/` */
  readonly address: string;
}

/**
 * Serves the files of a folder to this machine.
 * @param port 0 for one that is free
 * @throws {SweeplineError} USAGE if the port can't be had
 */
export async function serveSite(folder: string, port: number): Promise<SiteServer> {
  const root = await realpath(folder);
  const server = createServer((request, response) => void answer(request, response, root));
  server.listen(port, HOST);
  await once(server, 'listening').catch((cause: unknown) => {
    throw new SweeplineError('USAGE', `port ${port} can't be had: ${messageOf(cause)}`, {
      hint: 'Name another with --port, or none for one that is free.',
      cause,
    });
  });
  return {
    address: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: () => closed(server),
  };
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await end;
}

async function answer(request: IncomingMessage, response: ServerResponse, root: string): Promise<void> {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cache-control', 'no-store');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405);
    return;
  }
  // A page of another name that resolves to this machine may not read it.
  if (!isOwnName(request.headers.host)) {
    refuse(response, 403);
    return;
  }
  const path = await fileOf(request.url ?? '/', root);
  const file = path === undefined ? undefined : await open(path).catch(() => undefined);
  if (path === undefined || file === undefined) {
    refuse(response, 404);
    return;
  }
  try {
    await send(file, path, request, response);
  } catch {
    // The reader has gone.
    response.destroy();
  } finally {
    await file.close();
  }
}

async function send(
  file: FileHandle,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await file.stat();
  if (!found.isFile()) {
    refuse(response, 404);
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-length': found.size,
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(file.createReadStream({ autoClose: false }), response);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${status}\n`);
}

function isOwnName(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '');
}

/** The file that an address means; undefined for what isn't in the folder, also by way of a link. */
async function fileOf(url: string, root: string): Promise<string | undefined> {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
    const file = await realpath(resolve(root, `.${path.endsWith('/') ? `${path}index.html` : path}`));
    return file.startsWith(root + sep) ? file : undefined;
  } catch {
    return undefined;
  }
}
