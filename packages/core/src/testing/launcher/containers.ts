import assert from 'node:assert/strict';
import { join } from 'node:path';
import { getText } from '../../launch/files.js';
import type { Executor } from '../../plugin/index.js';
import type { Check } from '../contract.js';
import {
  GRACE_MS,
  IS_ALIVE,
  never,
  PARENT,
  script,
  SERVER,
  withLease,
  type LauncherSubject,
} from './lease.js';
import { IN_CONTAINERS, type ProcessCheck } from './processes.js';

/** A launcher whose nodes have an image with Node. */
type ContainerSubject = LauncherSubject & { readonly image: string };
type InContainer = (executor: Executor, subject: ContainerSubject) => Promise<void>;

/** What containers can be relied on for, of launchers that start them; first of all, what processes can. */
export function containerChecks(image: string): readonly Check<LauncherSubject>[] {
  const onImage =
    (check: InContainer) =>
    (subject: LauncherSubject): Promise<void> =>
      withLease(subject, 1, ({ executors }) => check(executors[0]!, { ...subject, image }), {
        images: [image],
      });
  return [
    ...IN_CONTAINERS.map(({ title, check }: ProcessCheck) => ({
      title: `in a container: ${title}`,
      run: onImage((executor, subject) => check(inImage(executor, image), subject)),
    })),
    { title: 'says which images it runs, and on what platform', run: saysImages(image) },
    { title: 'knows a server in a container as its own', run: onImage(servesFromContainer) },
    { title: 'runs programs beside what is in a container', run: onImage(runsBeside) },
    { title: 'ends what runs beside, and leaves the container', run: onImage(endsBeside) },
  ];
}

/** Runs all in containers of an image. */
function inImage(executor: Executor, image: string): Executor {
  return {
    ...executor,
    spawn: (spec, signal) => executor.spawn({ container: { image }, ...spec }, signal),
    run: (spec, signal) => executor.run({ container: { image }, ...spec }, signal),
  };
}

function saysImages(image: string) {
  return (subject: LauncherSubject): Promise<void> =>
    withLease(
      subject,
      1,
      async ({ images }) => {
        assert.match(images?.[image]?.platform ?? '', /^\w+\/\w+/);
        await Promise.resolve();
      },
      { images: [image] },
    );
}

async function servesFromContainer(executor: Executor, { program, image }: ContainerSubject): Promise<void> {
  const port = await executor.freePort();
  const { host } = executor.node;
  const spec = { ...script(program, SERVER, host, String(port)), container: { image, name: 'server-0-0' } };
  const server = await executor.spawn(spec, never);
  try {
    for await (const _ of server.lines()) break;
    assert.equal((await executor.http({ url: `http://${host}:${port}` }, never)).body, 'GET ');
    assert.notEqual(await executor.isOurs?.(port), false, 'it takes its own server for that of another');
  } finally {
    await server.stop(GRACE_MS);
  }
  assert.equal(await executor.portInUse(port), false, 'a server that was stopped still listens');
}

async function runsBeside(executor: Executor, { program, image }: ContainerSubject): Promise<void> {
  const code =
    "require('node:fs').writeFileSync('/inside', 'yes'); console.log('up'); setInterval(() => {}, 1000)";
  const server = await executor.spawn(
    { ...script(program, code), container: { image, name: 'server' } },
    never,
  );
  try {
    for await (const _ of server.lines()) break;
    const read =
      "process.stdout.write(require('node:fs').readFileSync('/inside', 'utf8') + process.env.GIVEN + process.cwd()); process.exitCode = 5";
    const beside = { container: { sameAs: 'server' }, env: { GIVEN: ' a b ' } };
    const { exit, stdout } = await executor.run({ ...script(program, read), ...beside }, never);
    assert.deepEqual([exit.code, stdout], [5, `yes a b ${executor.workDir}`]);
  } finally {
    await server.stop(GRACE_MS);
  }
}

async function endsBeside(executor: Executor, { program, image }: ContainerSubject): Promise<void> {
  const waits = "console.log('up'); setInterval(() => {}, 1000)";
  const server = await executor.spawn(
    { ...script(program, waits), container: { image, name: 'server' } },
    never,
  );
  try {
    for await (const _ of server.lines()) break;
    const container = { sameAs: 'server' };
    const parent = await executor.spawn({ ...script(program, PARENT), container }, never);
    for await (const _ of parent.lines()) break;
    const child = await getText(executor, join(executor.workDir, 'child'));
    await parent.stop(GRACE_MS);
    const { stdout } = await executor.run({ ...script(program, IS_ALIVE, child), container }, never);
    assert.equal(stdout.trim(), 'gone', 'a process that it started goes on');
  } finally {
    const { code } = await server.stop(GRACE_MS);
    assert.notEqual(code, 0);
  }
}
