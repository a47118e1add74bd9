import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startFakeServer } from './fake-server.js';

/*
 * Takes the place of an engine's process in a rehearsal; the command that it stands for follows after `--`, and is not run.
 *   --host ADDRESS  --rank N (only the first of a replica listens)  --model NAME  --port N (repeatable)
 *   --answer PATH=TEXT (what GET of a path answers, repeatable)  --say TEXT (printed when it is ready, repeatable)
 *   --once (exit at once)  --exit-with CODE (the same, with this code)  --never-ready  --die-at-request N
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    rank: { type: 'string', default: '0' },
    model: { type: 'string', default: '' },
    port: { type: 'string', multiple: true, default: [] },
    answer: { type: 'string', multiple: true, default: [] },
    say: { type: 'string', multiple: true, default: [] },
    once: { type: 'boolean', default: false },
    'exit-with': { type: 'string' },
    'never-ready': { type: 'boolean', default: false },
    'die-at-request': { type: 'string' },
  },
});

/** Of a process that a launcher of groups has started: that launcher's number. */
const rank = Number(process.env['PMIX_RANK'] ?? values.rank);

async function listen(): Promise<void> {
  const answers = Object.fromEntries(
    values.answer.map((answer) => {
      const at = answer.indexOf('=');
      return [answer.slice(0, at), answer.slice(at + 1)] as const;
    }),
  );
  for (const port of values.port) {
    const server = await startFakeServer({
      ...{ port: Number(port), host: values.host, model: values.model, answers },
    });
    const limit = values['die-at-request'];
    if (limit !== undefined)
      void server
        .when(({ requests }) => requests >= Number(limit))
        .then(() => {
          process.stderr.write('RuntimeError: the engine core has died\n');
          process.exit(1);
        });
  }
}

async function serve(): Promise<void> {
  // As engines do; one whose log finds no room ends.
  writeSync(1, `stand-in for ${positionals.join(' ')}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
  if (rank === 0 && !values['never-ready']) await listen();
  if (!values['never-ready']) for (const text of values.say) process.stdout.write(`${text}\n`);
  // An engine runs until it is ended.
  setInterval(() => {}, 60_000);
}

if (values.once) process.exit(0);
else if (values['exit-with'] === undefined) await serve();
else {
  process.stderr.write('ValueError: this engine does not know an argument\n');
  process.exit(Number(values['exit-with']));
}
