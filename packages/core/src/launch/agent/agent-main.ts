import { serveAgent } from './serve-agent.js';

/*
 * The process that works on a node for a launcher elsewhere. Arguments: the session's token, the node's name and address, and a folder
 * in which it makes one of its own. It is spoken to by stdin and stdout, and ends when stdin does.
 */

const [token, name, host, base] = process.argv.slice(2);
if (token === undefined || name === undefined || host === undefined || base === undefined) {
  process.stderr.write('usage: node agent.mjs TOKEN NAME HOST FOLDER\n');
  process.exit(2);
}

// The reader has gone; stdin ends as well, which is handled below.
process.stdout.on('error', () => {});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () => process.stdin.destroy());

await serveAgent({ token, name, host, base }, { input: untilClosed(process.stdin), output: process.stdout });
process.exit();

async function* untilClosed(input: NodeJS.ReadStream): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of input) yield piece as Buffer;
  } catch {
    // It was destroyed by a signal: that is its end.
  }
}
