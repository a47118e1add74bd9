import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { getText, putText } from '../launch/files.js';
import type { Executor, NodeLauncher, NodeLease, NodeRequest, Sku } from '../plugin/index.js';
import type { Check } from './contract.js';

/** A launcher, and what the nodes that it gets are like. */
export interface LauncherSubject {
  readonly launcher: NodeLauncher;
  /** How many it can give at once; at most four are asked for. */
  readonly nodes: number;
  readonly sku: Sku;
  /** The runner's cluster, for launchers that need one. */
  readonly cluster?: NodeRequest['cluster'];
  /** Node.js on the nodes. */
  readonly program: string;
}

const { signal: never } = new AbortController();
const GRACE_MS = 5_000;
const BIG_BYTES = 5 * 1024 * 1024;

/** What core relies on in any launcher. */
export const LAUNCHER_CHECKS: readonly Check<LauncherSubject>[] = [
  { title: 'tells its handle before nodes are there, and the same with them', run: tellsHandle },
  { title: 'gives nodes with names, addresses and folders of the lease alone', run: givesNodes },
  { title: 'refuses more nodes than there are', run: refusesTooMany },
  { title: 'gives nothing once it was told to stop', run: stopsWaiting },
  { title: 'runs programs with their arguments as they are', run: onNode(argumentsAsTheyAre) },
  { title: 'gives programs the variables that they are to have, and no others of ours', run: onNode(environment) },
  { title: 'runs programs in the folder of the lease', run: onNode(folder) },
  { title: 'tells exit codes, and output of a megabyte', run: onNode(exits) },
  { title: 'says of a program that is not there that it is not', run: onNode(missingProgram) },
  { title: 'runs in a container or refuses to, and never on the host instead', run: onNode(containers) },
  { title: 'reads lines of a running process as they come', run: onNode(lines) },
  { title: 'appends what a process writes to its log, whose folder it makes', run: onNode(logs) },
  { title: 'ends a process with all that it started', run: onNode(endsFamilies) },
  { title: 'makes a process end that does not want to', run: onNode(endsStubborn) },
  { title: 'moves files of megabytes, with their modes', run: onNode(movesFiles) },
  { title: 'reads parts of files', run: onNode(readsParts) },
  { title: 'follows a file that is not there yet', run: onNode(follows) },
  { title: 'rejects for files that are not there', run: onNode(missingFiles) },
  { title: 'knows free ports, asks servers on its node, and whose they are', run: onNode(servers) },
  { title: 'leaves nothing behind when nodes are given back, also twice', run: leavesNothing },
  { title: 'keeps two leases apart', run: keepsApart },
];

export const SEVERAL_NODES_CHECKS: readonly Check<LauncherSubject>[] = [
  { title: 'gives several nodes, each with what the others have not', run: severalNodes },
  { title: 'lets nodes reach each other by their addresses', run: reachEachOther },
];

export const GROUP_CHECKS: readonly Check<LauncherSubject>[] = [
  { title: 'starts a group with a process per rank, each with its log', run: group },
  { title: 'ends a group of which one rank fails', run: failingGroup },
];

async function withLease<T>(
  { launcher, sku, cluster }: LauncherSubject,
  nodes: number,
  use: (lease: NodeLease) => Promise<T>,
  more: Partial<NodeRequest> = {},
  signal = never,
): Promise<T> {
  const localDir = await mkdtemp(join(tmpdir(), 'sweepline-lease-'));
  const request: NodeRequest = {
    token: randomBytes(16).toString('hex'),
    name: 'contract/test',
    runner: sku.name,
    sku,
    nodes,
    devicesPerNode: 0,
    ...(cluster !== undefined && { cluster }),
    container: { docker: [], pyxis: [], env: {} },
    images: [],
    localDir,
    onHandle: () => {},
    ...more,
  };
  try {
    const lease = await launcher.acquire(request, signal);
    try {
      return await use(lease);
    } finally {
      await lease[Symbol.asyncDispose]();
    }
  } finally {
    await rm(localDir, { recursive: true, force: true });
  }
}

type OnNode = (executor: Executor, subject: LauncherSubject) => Promise<void>;

function onNode(check: OnNode): (subject: LauncherSubject) => Promise<void> {
  return (subject) => withLease(subject, 1, ({ executors }) => check(executors[0]!, subject));
}

/** A program in JavaScript. */
function script(program: string, code: string, ...args: readonly string[]) {
  return { argv: [program, '-e', code, ...args] };
}

async function tellsHandle(subject: LauncherSubject): Promise<void> {
  const told: string[] = [];
  let isThere = false;
  const onHandle = (handle: string): void => {
    assert(!isThere, 'it tells the handle when the nodes are there');
    told.push(handle);
  };
  await withLease(
    subject,
    1,
    async ({ handle }) => {
      isThere = true;
      assert.deepEqual([...new Set(told)], [handle], 'it has not told the handle of its lease');
      await Promise.resolve();
    },
    { onHandle },
  );
}

async function givesNodes(subject: LauncherSubject): Promise<void> {
  await withLease(subject, 1, async ({ executors }) => {
    assert(executors.length >= 1, 'it gives no node');
    for (const { node, workDir } of executors) {
      assert(node.name !== '' && node.host !== '', 'a node has no name or no address');
      assert(isAbsolute(workDir), `${workDir} is not absolute`);
    }
    await Promise.resolve();
  });
}

async function refusesTooMany(subject: LauncherSubject): Promise<void> {
  const wanted = subject.nodes + 1;
  if (!Number.isFinite(wanted)) return;
  await assert.rejects(
    withLease(subject, wanted, () => Promise.resolve()),
    { code: 'PLAN_UNSUPPORTED' },
    `it gives ${wanted} nodes, or waits for them`,
  );
}

async function stopsWaiting(subject: LauncherSubject): Promise<void> {
  const stopped = AbortSignal.abort(new Error('stopped'));
  await assert.rejects(withLease(subject, 1, () => Promise.resolve(), {}, stopped), 'it gives nodes nevertheless');
}

async function argumentsAsTheyAre(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const args = ['a b', "'", '"', '$HOME', '*', '\\', '', '; exit 3', '\n', 'ä'];
  const { stdout } = await executor.run(
    script(program, 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', ...args),
    never,
  );
  assert.deepEqual(JSON.parse(stdout), args);
}

async function environment(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const code = 'process.stdout.write(JSON.stringify([process.env.GIVEN, process.env.WITHHELD ?? null]))';
  process.env['WITHHELD'] = 'ours';
  try {
    const spec = { ...script(program, code), env: { GIVEN: 'a, b=c "d"' }, withoutEnv: ['WITHHELD'] };
    const { stdout } = await executor.run(spec, never);
    assert.deepEqual(JSON.parse(stdout), ['a, b=c "d"', null]);
  } finally {
    delete process.env['WITHHELD'];
  }
}

async function folder(executor: Executor, { program }: LauncherSubject): Promise<void> {
  await putText(executor, join(executor.workDir, 'here'), 'yes');
  const code = "process.stdout.write(require('node:fs').readFileSync('here', 'utf8'))";
  const { stdout } = await executor.run(script(program, code), never);
  assert.equal(stdout, 'yes');
}

async function exits(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const code = "process.stdout.write('x'.repeat(1_000_000), () => { console.error('no'); process.exitCode = 7; })";
  const { exit, stdout, stderr } = await executor.run(script(program, code), never);
  assert.equal(exit.code, 7);
  assert.equal(stdout.length, 1_000_000);
  assert.match(stderr, /no/);
}

async function missingProgram(executor: Executor): Promise<void> {
  const argv = ['/nowhere/sweepline-program'];
  const run = executor.run({ argv }, never).then(({ exit }) => {
    if (exit.code !== 0) throw new Error(`exit code ${exit.code}`);
  });
  await assert.rejects(run, 'it runs what is not there');
}

async function containers(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const spec = { ...script(program, ''), container: { image: 'sweepline.invalid/no-such-image:0' } };
  await assert.rejects(
    executor.run(spec, never).then(({ exit }) => {
      if (exit.code !== 0) throw new Error(`exit code ${exit.code}`);
    }),
    'it runs on the host what was for an image that is not there',
  );
}

async function lines(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const code = "console.log('one'); process.stdin.resume(); setInterval(() => console.log('more'), 50)";
  const process = await executor.spawn(script(program, code), never);
  try {
    const seen: string[] = [];
    for await (const line of process.lines()) if (seen.push(line) === 3) break;
    assert.deepEqual(seen, ['one', 'more', 'more']);
  } finally {
    await process.stop(GRACE_MS);
  }
}

async function logs(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const log = join(executor.workDir, 'logs', 'deep', 'a.log');
  for (const word of ['first', 'second']) {
    const code = `console.log('${word}'); console.error('${word} error')`;
    const { exited } = await executor.spawn({ ...script(program, code), log }, never);
    assert.equal((await exited).code, 0);
  }
  const text = await getText(executor, log);
  assert.deepEqual(text.trim().split('\n').sort(), ['first', 'first error', 'second', 'second error']);
}

/** Writes the process id of a child of another session to a file. */
const PARENT = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  child.unref();
  require('node:fs').writeFileSync('child', String(child.pid));
  console.log('started');
  setInterval(() => {}, 1000);`;

/** What has ended and was not waited for yet is still in the system's table: a zombie. */
const IS_ALIVE = `
  const [pid] = process.argv.slice(1);
  try {
    process.kill(Number(pid), 0);
    const stat = require('node:fs').readFileSync('/proc/' + pid + '/stat', 'latin1');
    console.log(stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z') ? 'gone' : 'alive');
  } catch (error) {
    console.log(error.code === 'ESRCH' || error.path ? 'gone' : 'alive');
  }`;

async function endsFamilies(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const parent = await executor.spawn(script(program, PARENT), never);
  for await (const _line of parent.lines()) break;
  const child = await getText(executor, join(executor.workDir, 'child'));
  await parent.stop(GRACE_MS);
  const { stdout } = await executor.run(script(program, IS_ALIVE, child), never);
  assert.equal(stdout.trim(), 'gone', 'a process that it started goes on');
}

async function endsStubborn(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const code = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
  const process = await executor.spawn(script(program, code), never);
  for await (const _line of process.lines()) break;
  const exit = await process.stop(200);
  assert.notEqual(exit.code, 0);
  assert.deepEqual(await process.exited, exit);
}

async function movesFiles(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const bytes = randomBytes(BIG_BYTES);
  const path = join(executor.workDir, 'some', 'folder', 'program');
  await executor.copyIn(inPieces(bytes), path, 0o755);
  const pieces: Uint8Array[] = [];
  for await (const piece of executor.copyOut(path)) pieces.push(piece);
  assert(Buffer.concat(pieces).equals(bytes), 'what comes back is something else');
  const code = 'process.stdout.write((require("node:fs").statSync(process.argv[1]).mode & 0o777).toString(8))';
  assert.equal((await executor.run(script(program, code, path), never)).stdout, '755');
}

async function* inPieces(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 100_000) yield await Promise.resolve(bytes.subarray(from, from + 100_000));
}

async function readsParts(executor: Executor): Promise<void> {
  const path = join(executor.workDir, 'text');
  await putText(executor, path, '0123456789');
  const part = async (from: number, length: number): Promise<string> =>
    Buffer.from(await executor.read(path, { from, length })).toString();
  assert.deepEqual(
    [await part(2, 3), await part(8, 100), await part(20, 5), await part(-3, 2), await part(-100, 100)],
    ['234', '89', '', '78', '0123456789'],
  );
}

async function follows(executor: Executor): Promise<void> {
  const path = join(executor.workDir, 'growing');
  const stop = new AbortController();
  let text = '';
  const following = (async () => {
    for await (const piece of executor.follow(path, stop.signal)) {
      text += Buffer.from(piece).toString();
      if (text === 'one two') stop.abort();
    }
  })();
  await putText(executor, path, 'one');
  await putText(executor, path, 'one two');
  await following;
  assert.equal(text, 'one two');
}

async function missingFiles(executor: Executor): Promise<void> {
  const path = join(executor.workDir, 'nothing');
  await assert.rejects(executor.read(path, { from: 0, length: 1 }));
  await assert.rejects(getText(executor, path));
}

const SERVER = `
  const [host, port] = process.argv.slice(1);
  require('node:http').createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => { response.statusCode = request.url === '/no' ? 503 : 200; response.end(request.method + ' ' + Buffer.concat(pieces)); });
  }).listen(Number(port), host, () => console.log('listening'));`;

async function servers(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const port = await executor.freePort();
  assert.equal(await executor.portInUse(port), false, 'its free port is in use');
  const url = `http://${executor.node.host}:${port}`;
  await assert.rejects(executor.http({ url }, AbortSignal.timeout(GRACE_MS)));
  const server = await executor.spawn(script(program, SERVER, executor.node.host, String(port)), never);
  try {
    for await (const _line of server.lines()) break;
    assert.equal(await executor.portInUse(port), true);
    assert.deepEqual(await executor.http({ url }, never), { status: 200, body: 'GET ' });
    const asked = { method: 'POST', url: `${url}/no`, body: { a: 1 } } as const;
    assert.deepEqual(await executor.http(asked, never), { status: 503, body: 'POST {"a":1}' });
    const ours = await executor.isOurs?.(port);
    assert(ours !== false, 'it takes a server of its own for that of another');
  } finally {
    await server.stop(GRACE_MS);
  }
}

async function leavesNothing(subject: LauncherSubject): Promise<void> {
  const { program } = subject;
  const [child, workDir] = await withLease(subject, 1, async (lease) => {
    const [executor] = lease.executors as [Executor];
    const parent = await executor.spawn(script(program, PARENT), never);
    for await (const _line of parent.lines()) break;
    const pid = await getText(executor, join(executor.workDir, 'child'));
    await lease[Symbol.asyncDispose]();
    return [pid, executor.workDir];
  });
  await withLease(subject, 1, async ({ executors: [executor] }) => {
    const { stdout } = await executor!.run(script(program, IS_ALIVE, child), never);
    assert.equal(stdout.trim(), 'gone', 'a process goes on on a node that was given back');
    const code = 'console.log(require("node:fs").existsSync(process.argv[1]))';
    const { stdout: isThere } = await executor!.run(script(program, code, workDir), never);
    assert.equal(isThere.trim(), 'false', 'the folder of the lease is still there');
  });
}

async function keepsApart(subject: LauncherSubject): Promise<void> {
  if (subject.nodes < 2 && subject.launcher.name !== 'local') return;
  await withLease(subject, 1, ({ executors: [first] }) =>
    withLease(subject, 1, async ({ executors: [second] }) => {
      await putText(first!, join(first!.workDir, 'mine'), 'first');
      await assert.rejects(getText(second!, join(second!.workDir, 'mine')), 'two leases share a folder');
    }),
  );
}

async function severalNodes(subject: LauncherSubject): Promise<void> {
  const wanted = Math.min(4, subject.nodes);
  await withLease(subject, wanted, async ({ executors }) => {
    assert(executors.length >= wanted, `it gives ${executors.length} nodes of ${wanted}`);
    assert.equal(new Set(executors.map(({ node }) => node.name)).size, executors.length, 'a node is there twice');
    assert.equal(new Set(executors.map(({ node }) => node.host)).size, executors.length);
    for (const [index, executor] of executors.entries()) {
      await putText(executor, join(executor.workDir, 'number'), String(index));
    }
    const numbers = executors.map((executor) => getText(executor, join(executor.workDir, 'number')));
    const shared = new Set(executors.map(({ workDir }) => workDir)).size < executors.length;
    if (!shared) assert.deepEqual(await Promise.all(numbers), executors.map((_, index) => String(index)));
  });
}

async function reachEachOther(subject: LauncherSubject): Promise<void> {
  await withLease(subject, 2, async ({ executors: [first, second] }) => {
    const port = await first!.freePort();
    const { host } = first!.node;
    const server = await first!.spawn(script(subject.program, SERVER, host, String(port)), never);
    for await (const _line of server.lines()) break;
    const { status } = await second!.http({ url: `http://${host}:${port}` }, never);
    assert.equal(status, 200);
    await server.stop(GRACE_MS);
  });
}

const RANK = "process.env.PMIX_RANK ?? process.env.OMPI_COMM_WORLD_RANK ?? process.env.SLURM_PROCID";

async function group(subject: LauncherSubject): Promise<void> {
  await withLease(subject, 2, async (lease) => {
    const spec = { nodes: [0, 1], ranksPerNode: 2, log: 'logs/rank-{rank}.log' };
    const process = await lease.group!({ ...script(subject.program, `console.log('rank ' + (${RANK}))`), ...spec }, never);
    assert.equal((await process.exited).code, 0);
    for (const rank of [0, 1, 2, 3]) {
      const executor = lease.executors[Math.floor(rank / 2)]!;
      const text = await getText(executor, join(executor.workDir, `logs/rank-${rank}.log`));
      assert.equal(text.trim(), `rank ${rank}`);
    }
  });
}

async function failingGroup(subject: LauncherSubject): Promise<void> {
  await withLease(subject, 2, async (lease) => {
    const code = `if ((${RANK}) === '1') process.exit(3); setInterval(() => {}, 1000)`;
    const spec = { nodes: [0, 1], ranksPerNode: 1, log: 'rank-{rank}.log' };
    const process = await lease.group!({ ...script(subject.program, code), ...spec }, never);
    assert.notEqual((await process.exited).code, 0, 'a group of which a rank failed has exit code 0');
  });
}
