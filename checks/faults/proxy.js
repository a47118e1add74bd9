// @ts-check
/** A TCP proxy on 127.0.0.1 that disturbs connections like networks and their devices do. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * @typedef {object} ProxyOptions
 * @property {number} [delayMs] Delay added in each direction.
 * @property {number} [flushEveryMs] Data from the server is passed on only this often.
 * @property {number} [quietMs] Data from the server is passed on after a silence of this length: a proxy that buffers answers.
 * @property {number} [bytesPerS] Rate of data from the server, over all connections.
 * @property {{ everyMs: number, forMs: number }} [pauses] Nothing is passed on during a pause, as while lost packets are retransmitted.
 * @property {{ connection: number, afterBytes: number }} [halfOpen] This connection, from 1, passes on nothing after this many bytes.
 */

/** @param {number} target @param {ProxyOptions} options */
export async function startProxy(target, options) {
  const startMs = performance.now();
  let count = 0;
  let lineFreeMs = 0;
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();

  const server = createServer({ noDelay: true }, (client) => {
    const number = ++count;
    const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    const down = passOn(client, number);
    client.on('data', (data) => later(options.delayMs ?? 0, () => upstream.write(data)));
    client.on('close', () => upstream.destroy());
    upstream.on('data', down.data);
    upstream.on('close', () => down.end());
  });

  /** @param {import('node:net').Socket} client @param {number} number */
  function passOn(client, number) {
    /** @type {Buffer[]} */
    let held = [];
    /** Due writes, in order: timers of different lengths may fire out of order. @type {(() => void)[]} */
    const due = [];
    let [passed, dueMs] = [0, 0];
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const flush = () => {
      timer = undefined;
      const data = Buffer.concat(held);
      held = [];
      if (data.length === 0) return;
      passed += data.length;
      const { halfOpen } = options;
      if (halfOpen?.connection === number && passed > halfOpen.afterBytes) return;
      // Bytes keep their order, whatever the delay of each.
      const nowMs = performance.now();
      dueMs = Math.max(dueMs, afterPause(lineTime(data.length, nowMs + (options.delayMs ?? 0)), startMs));
      inTurn(() => client.write(data));
    };
    /** @param {() => void} act */
    const inTurn = (act) => {
      due.push(act);
      later(dueMs - performance.now(), () => due.shift()?.());
    };
    return {
      /** @param {Buffer} data */
      data(data) {
        held.push(data);
        const { flushEveryMs, quietMs } = options;
        if (quietMs !== undefined) {
          clearTimeout(timer);
          timer = setTimeout(flush, quietMs);
        } else if (flushEveryMs !== undefined) timer ??= setTimeout(flush, flushEveryMs);
        else flush();
      },
      end() {
        flush();
        inTurn(() => client.end());
      },
    };
  }

  /** When this many bytes have passed through the line. @param {number} bytes @param {number} atMs */
  function lineTime(bytes, atMs) {
    if (options.bytesPerS === undefined) return atMs;
    lineFreeMs = Math.max(lineFreeMs, atMs) + (1000 * bytes) / options.bytesPerS;
    return lineFreeMs;
  }

  /** @param {number} atMs @param {number} originMs */
  function afterPause(atMs, originMs) {
    const { pauses } = options;
    if (pauses === undefined) return atMs;
    const into = (atMs - originMs) % pauses.everyMs;
    return into < pauses.everyMs - pauses.forMs ? atMs : atMs + pauses.everyMs - into;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** @param {number} ms @param {() => void} act */
function later(ms, act) {
  if (ms <= 0) act();
  else setTimeout(act, Math.ceil(ms));
}
