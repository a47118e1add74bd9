import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createLocalExecutor } from '../../src/launch/local-executor.js';

const { signal } = new AbortController();
const LISTEN = `const [host, port] = process.argv.slice(1);
  require('node:net').createServer().listen(Number(port), host, () => console.log('up'));`;
/** The same, by a child that has left the group and whose parent goes. */
const DAEMON = `const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', process.argv[1], ...process.argv.slice(2)], { detached: true, stdio: ['ignore', 'inherit', 'ignore'] });
  child.unref();`;

it.each([
  ['itself', (host: string, port: string) => ['-e', LISTEN, host, port]],
  ['by a daemon', (host: string, port: string) => ['-e', DAEMON, LISTEN, host, port]],
])('a port that what was started listens on, %s, is ours', async (_, args) => {
  const executor = createLocalExecutor();
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    const port = await executor.freePort();
    const server = await executor.spawn({ argv: [process.execPath, ...args(host, String(port))] }, signal);
    for await (const line of server.lines()) if (line === 'up') break;

    expect(await executor.isOurs?.(port)).toBe(process.platform === 'linux' ? true : undefined);

    await server.stop(1000);
  }
});

it('a port that another program listens on is not, and of one that nobody has nothing is known', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const executor = createLocalExecutor();

  expect(await executor.isOurs?.(port)).toBe(process.platform === 'linux' ? false : undefined);

  server.close();
  await once(server, 'close');
  expect(await executor.isOurs?.(port)).toBeUndefined();
});
