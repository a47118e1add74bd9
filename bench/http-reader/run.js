// @ts-check
/**
 * Compares core's reader of streamed responses over plain sockets with undici, in turn, on the same server: CPU time of this process per
 * thousand chunks of an event stream.
 *
 * node bench/http-reader/run.js [--rounds N] [--streams N] [--chunks N]
 *
 * It runs the code in dist, so build first. Everything stays on 127.0.0.1.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { ResponseReader } from '@sweepline/core/load';
import { medianInterval } from '../loadgen/median-interval.js';
import { median } from '../matrix/statistics.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    streams: { type: 'string', default: '32' },
    chunks: { type: 'string', default: '400' },
    serve: { type: 'boolean', default: false },
  },
});
const [rounds, streams, chunks] = [values.rounds, values.streams, values.chunks].map(Number);
/** A token as an engine sends it. */
const EVENT = `data: {"id":"cmpl-1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":" token","logprobs":null,"finish_reason":null}]}\n\n`;

if (values.serve) serve();
else await compare();

/** Sends each response in single chunks, one per turn of the event loop. */
function serve() {
  const server = createServer((_, response) => {
    let left = chunks ?? 0;
    const send = () => {
      left -= 1;
      if (left < 0) return void response.end();
      response.write(EVENT);
      setImmediate(send);
    };
    send();
  });
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
  process.on('disconnect', () => process.exit());
}

async function compare() {
  const argv = ['--serve', '--chunks', String(chunks)];
  const server = fork(fileURLToPath(import.meta.url), argv);
  const [{ port }] = /** @type {[{ port: number }]} */ (await once(server, 'message'));
  const agent = new Agent({ connections: streams ?? 1 });
  const readers = { ours: () => readOurs(port), undici: () => readUndici(port, agent) };
  /** @type {{ ours: number[], undici: number[] }} */
  const per = { ours: [], undici: [] };
  for (let round = 0; round <= (rounds ?? 0); round += 1) {
    for (const name of /** @type {const} */ (['ours', 'undici'])) {
      const before = process.cpuUsage();
      const bytes = await Promise.all(Array.from({ length: streams ?? 0 }, readers[name]));
      const { user, system } = process.cpuUsage(before);
      if (bytes.some((count) => count !== EVENT.length * (chunks ?? 0)))
        throw new Error(`${name} lost bytes`);
      if (round > 0) per[name].push((user + system) / (streams ?? 1) / (chunks ?? 1)); // the first round warms both up
    }
  }
  await agent.close();
  server.disconnect();
  const ratios = per.ours.map((ours, index) => (per.undici[index] ?? NaN) / ours);
  const { low, high } = medianInterval(ratios);
  console.log('| reader | ms CPU per 1000 chunks |\n| --- | ---: |');
  for (const name of /** @type {const} */ (['ours', 'undici']))
    console.log(`| ${name} | ${median(per[name]).toFixed(2)} |`);
  console.log(`\nundici / ours: ${median(ratios).toFixed(2)} (95 %: ${low.toFixed(2)}..${high.toFixed(2)})`);
}

/** @param {number} port @returns {Promise<number>} */
function readOurs(port) {
  return new Promise((resolve, reject) => {
    let count = 0;
    const socket = connect(port, '127.0.0.1');
    const reader = new ResponseReader({
      head() {},
      body: (_, begin, end) => void (count += end - begin),
      end() {
        socket.destroy();
        resolve(count);
      },
    });
    socket.on('data', (bytes) => reader.feed(/** @type {Buffer} */ (bytes), 0, bytes.length));
    socket.on('error', reject);
    socket.write(`GET / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
  });
}

/** @param {number} port @param {Agent} agent @returns {Promise<number>} */
async function readUndici(port, agent) {
  const { body } = await request(`http://127.0.0.1:${port}/`, { dispatcher: agent });
  let count = 0;
  for await (const bytes of body) count += bytes.length;
  return count;
}
