import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry on this machine, in this process. */
export interface RegistryServer extends AsyncDisposable {
  /** `127.0.0.1:41234` */
  readonly host: string;
  /** What was asked, such as `GET /v2/org/engine/tags/list?n=1000 Bearer good`. */
  readonly asked: string[];
}

export interface RegistryContent {
  /** Architectures of the images by `repository:tag`. One alone is no index, but an image. */
  readonly images: Readonly<Record<string, readonly string[]>>;
  /** Tags of a page. */
  readonly perPage?: number;
  /** A login is needed: `user:password`. */
  readonly login?: string;
  /** Answers a request in another way; false for those it leaves alone. */
  readonly instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

interface Blob {
  readonly type: string;
  readonly body: string;
}

export const digestOf = (body: string): string => `sha256:${createHash('sha256').update(body).digest('hex')}`;

export async function startRegistry({
  images,
  perPage = 100,
  login,
  instead,
}: RegistryContent): Promise<RegistryServer> {
  const asked: string[] = [];
  const { manifests, blobs } = contentOf(images);
  const server = createServer((request, response) => {
    const { url = '', headers, method = '' } = request;
    asked.push(`${method} ${url} ${headers.authorization ?? '-'}`);
    if (instead?.(request, response) === true) return;
    const at = new URL(url, 'http://registry');
    const send = (status: number, body: string, more: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, more).end(body);
    };
    if (at.pathname === '/token') {
      const wanted = `Basic ${Buffer.from(login ?? '').toString('base64')}`;
      if (headers.authorization === wanted) send(200, '{"token":"good"}');
      else send(401, '');
      return;
    }
    if (login !== undefined && headers.authorization !== 'Bearer good') {
      const realm = `http://${headers.host ?? ''}/token`;
      send(401, '', {
        'www-authenticate': `Bearer realm="${realm}",service="s",scope="repository:x:pull"`,
      });
      return;
    }
    const [, repository = '', kind, name = ''] =
      /^\/v2\/(.+)\/(manifests|blobs|tags)\/(.+)$/.exec(at.pathname) ?? [];
    if (kind === 'tags') {
      const tags = Object.keys(images).flatMap((one) =>
        one.startsWith(`${repository}:`) ? [one.split(':')[1]!] : [],
      );
      if (tags.length === 0) {
        send(404, '{"errors":[{"code":"NAME_UNKNOWN"}]}');
        return;
      }
      const start = tags.indexOf(at.searchParams.get('last') ?? '') + 1;
      const page = tags.slice(start, start + perPage);
      const next = `</v2/${repository}/tags/list?last=${page.at(-1) ?? ''}&n=${perPage}>; rel="next"`;
      send(200, JSON.stringify({ tags: page }), start + perPage < tags.length ? { link: next } : {});
      return;
    }
    const found = kind === 'manifests' ? manifests.get(`${repository}:${name}`) : blobs.get(name);
    if (found === undefined) send(404, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    else send(200, found.body, { 'content-type': found.type });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function contentOf(images: RegistryContent['images']): {
  readonly manifests: ReadonlyMap<string, Blob>;
  readonly blobs: ReadonlyMap<string, Blob>;
} {
  const manifests = new Map<string, Blob>();
  const blobs = new Map<string, Blob>();
  for (const [name, architectures] of Object.entries(images)) {
    const platforms = architectures.map((architecture) => ({ os: 'linux', architecture, name }));
    const config = JSON.stringify(platforms[0]);
    blobs.set(digestOf(config), { type: 'application/json', body: config });
    const single = JSON.stringify({ schemaVersion: 2, config: { digest: digestOf(config) } });
    const index = JSON.stringify({
      schemaVersion: 2,
      manifests: [...platforms, { os: 'unknown', architecture: 'unknown' }].map((platform) => ({ platform })),
    });
    const body = platforms.length === 1 ? single : index;
    const blob = { type: 'application/vnd.oci.image.index.v1+json', body };
    manifests.set(name, blob);
    manifests.set(`${name.split(':')[0] ?? ''}:${digestOf(body)}`, blob);
  }
  return { manifests, blobs };
}
