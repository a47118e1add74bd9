import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startFakeServer } from '../../src/testing/index.js';
import { makeWorkspace } from '../workspace.js';
import { SMALL } from './bench-run.js';

const ARGS = ['bench', '--allow-invalid', '--model', 'fake-model', '--random-output-len', '3', ...SMALL];

async function listen(server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Hands connections on, and counts them. */
function relay(port: number) {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    const other = connect(port, '127.0.0.1');
    for (const end of [socket, other]) end.on('error', () => {});
    socket.pipe(other).pipe(socket);
  });
  return { server, connections: () => connections };
}

describe('a bench', () => {
  it('goes past the proxies of its environment', async () => {
    await using fake = await startFakeServer();
    await using workspace = await makeWorkspace();
    const proxy = relay(Number(new URL(fake.url).port));
    const url = `http://127.0.0.1:${await listen(proxy.server, '127.0.0.1')}`;
    const names = ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
    try {
      const { exitCode, stdout } = await workspace.cli([...ARGS, '--base-url', fake.url], {
        env: { ...Object.fromEntries(names.map((name) => [name, url])), NO_PROXY: '', no_proxy: '' },
      });

      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^Successful requests +4$/m);
      expect(proxy.connections()).toBe(0);
    } finally {
      proxy.server.close();
    }
  });

  it('takes IPv6 addresses, as a URL and as a host', async ({ skip }) => {
    await using fake = await startFakeServer();
    await using workspace = await makeWorkspace();
    const { server, connections } = relay(Number(new URL(fake.url).port));
    const port = await listen(server, '::1').catch(() => skip('there is no IPv6 here'));
    try {
      for (const at of [
        ['--base-url', `http://[::1]:${port}`],
        ['--host', '::1', '--port', String(port)],
      ]) {
        const { exitCode, stdout } = await workspace.cli([...ARGS, ...at]);
        expect(exitCode).toBe(0);
        expect(stdout).toMatch(/^Successful requests +4$/m);
      }
      expect(connections()).toBeGreaterThan(2);
    } finally {
      server.close();
    }
  });
});
