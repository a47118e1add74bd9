import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
};

/** A file host that has a site in a sub-folder, as many sites share one. */
export async function hostSite(folder: string): Promise<Host> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname));
    if (!path.startsWith(PREFIX)) {
      response.writeHead(404).end();
      return;
    }
    const name = path === PREFIX ? 'index.html' : path.slice(PREFIX.length);
    readFile(join(folder, name)).then(
      (content) =>
        response
          .writeHead(200, {
            'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
          })
          .end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${PREFIX}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const PREFIX = '/people/results/';

export interface Host {
  /** Of the site's folder, with a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}
