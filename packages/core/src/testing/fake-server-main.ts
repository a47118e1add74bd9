import { parseArgs } from 'node:util';
import { startFakeServer, type FakeServer } from './fake-server.js';
import { FAULTS, type Fault } from './faults.js';

/*
 * The fake server as a process:
 *   --port N  --host ADDRESS  --model NAME  --fault NAME (repeatable)  --fault-from N (first faulty request)  --never-ready
 *   --token-ms MS (pause between events of a stream)
 *   --die-after N (exit with 1 after N completed requests)  --exit-with CODE (at once)
 *   --hold-after N (after N completed requests, answers stop after their first event, forever)
 *   --hold-for-ms N (for this long instead of forever)  --hold-says TEXT (printed to stdout at that time)
 * Prints `fake-server listening on URL` when it is ready, and `fake-server summary {…}` when SIGTERM or SIGINT ends it.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    model: { type: 'string', default: 'fake-model' },
    fault: { type: 'string', multiple: true, default: [] },
    'fault-from': { type: 'string', default: '1' },
    'never-ready': { type: 'boolean', default: false },
    'token-ms': { type: 'string' },
    'die-after': { type: 'string' },
    'hold-after': { type: 'string' },
    'hold-for-ms': { type: 'string' },
    'hold-says': { type: 'string' },
    'exit-with': { type: 'string' },
  },
});

function say(text: string): void {
  process.stdout.write(`fake-server ${text}\n`);
}

function faultOf(name: string): Fault {
  if (name in FAULTS) return name as Fault;
  process.stderr.write(`unknown fault ${name}; there are ${Object.keys(FAULTS).join(', ')}\n`);
  return process.exit(2);
}

async function serve(): Promise<void> {
  const server = await startFakeServer({
    port: Number(values.port),
    host: values.host,
    model: values.model,
    faults: [...values.fault.map(faultOf), ...(values['never-ready'] ? (['never-ready'] as const) : [])],
    ...(values['token-ms'] === undefined ? {} : { tokenMs: Number(values['token-ms']) }),
    faultAt: (ordinal) => ordinal >= Number(values['fault-from']),
  });
  say(`listening on ${server.url}`);
  process.on('SIGTERM', () => void end(server)).on('SIGINT', () => void end(server));
  void after(values['hold-after'], server, () => hold(server));
  void after(values['die-after'], server, (limit) => {
    say(`dies after ${limit} requests`);
    process.exit(1);
  });
}

function hold(server: FakeServer): void {
  server.hold(1);
  if (values['hold-says'] !== undefined) say(values['hold-says']);
  if (values['hold-for-ms'] !== undefined) setTimeout(() => server.release(), Number(values['hold-for-ms']));
}

async function after(
  limit: string | undefined,
  server: FakeServer,
  act: (limit: string) => void,
): Promise<void> {
  if (limit === undefined) return;
  await server.when(({ completed }) => completed >= Number(limit));
  act(limit);
}

async function end(server: FakeServer): Promise<void> {
  await server.close();
  say(`summary ${JSON.stringify(server.stats)}`);
  process.exit(0);
}

if (values['exit-with'] === undefined) await serve();
else process.exitCode = Number(values['exit-with']);
