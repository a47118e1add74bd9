import assert from 'node:assert/strict';
import { join } from 'node:path';
import { getText, putText } from '../../launch/files.js';
import type { Executor } from '../../plugin/index.js';
import type { Check } from '../contract.js';
import {
  GRACE_MS,
  IS_ALIVE,
  never,
  onNode,
  PARENT,
  script,
  type LauncherSubject,
  type OnNode,
} from './lease.js';

export interface ProcessCheck {
  readonly title: string;
  readonly check: OnNode;
}

/** What programs can rely on wherever they run: on a node itself, and in containers. */
export const IN_CONTAINERS: readonly ProcessCheck[] = [
  { title: 'runs programs with their arguments as they are', check: argumentsAsTheyAre },
  { title: 'gives programs the variables that they are to have, and no others of ours', check: environment },
  { title: 'runs programs in the folder of the lease', check: folder },
  { title: 'reports exit codes, and output of a megabyte', check: exits },
  { title: 'says of a program that is not there that it is not', check: missingProgram },
  { title: 'reads lines of a running process as they come', check: lines },
  { title: 'keeps lines until somebody reads them', check: lateLines },
  { title: 'appends what a process writes to its log, whose folder it makes', check: logs },
  { title: 'makes a process end that does not want to', check: endsStubborn },
];

/** What programs on a node can rely on. */
export const PROCESS_CHECKS: readonly Check<LauncherSubject>[] = [
  ...IN_CONTAINERS.map(({ title, check }) => ({ title, run: onNode(check) })),
  { title: 'tells a program that is not installed from one that fails', run: onNode(notInstalled) },
  { title: 'runs in a container or refuses to, and never on the host instead', run: onNode(containers) },
  { title: 'ends a process with all that it started', run: onNode(endsFamilies) },
];

async function argumentsAsTheyAre(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const args = ['a b', "'", '"', '$HOME', '*', '\\', '', '; exit 3', '\n', 'ä'];
  const { stdout } = await executor.run(
    script(program, 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', ...args),
    never,
  );
  assert.deepEqual(JSON.parse(stdout), args);
}

async function environment(executor: Executor, { program }: LauncherSubject): Promise<void> {
  // The last is one that batch systems set themselves.
  const names = ['GIVEN', 'WITHHELD', 'CUDA_VISIBLE_DEVICES'];
  const code = `process.stdout.write(JSON.stringify(${JSON.stringify(names)}.map((name) => process.env[name] ?? null)))`;
  process.env['WITHHELD'] = 'ours';
  try {
    const env = { GIVEN: 'a, b=c "d"', CUDA_VISIBLE_DEVICES: '1,2' };
    const { stdout } = await executor.run({ ...script(program, code), env, withoutEnv: ['WITHHELD'] }, never);
    assert.deepEqual(JSON.parse(stdout), [env.GIVEN, null, env.CUDA_VISIBLE_DEVICES]);
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
  const code =
    "process.stdout.write('x'.repeat(1_000_000), () => { console.error('no'); process.exitCode = 7; })";
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

/** By a shell's exit code or the system's: hardware plugins ask nodes for tools that most don't have. */
async function notInstalled(executor: Executor): Promise<void> {
  const said = await executor.run({ argv: ['sweepline-no-such-program'] }, never).then(
    ({ exit }) => exit.code,
    (error: unknown) => `${codeOf(error)} ${codeOf((error as Error).cause)}`,
  );
  assert(said === 127 || /\bENOENT\b/.test(String(said)), `a missing program is ${said}`);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
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

async function lateLines(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const process = await executor.spawn(script(program, "console.log('one'); console.log('two')"), never);
  await process.exited;
  const seen: string[] = [];
  for await (const line of process.lines()) seen.push(line);
  assert.deepEqual(seen, ['one', 'two']);
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

async function endsFamilies(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const parent = await executor.spawn(script(program, PARENT), never);
  for await (const _ of parent.lines()) break;
  const child = await getText(executor, join(executor.workDir, 'child'));
  await parent.stop(GRACE_MS);
  const { stdout } = await executor.run(script(program, IS_ALIVE, child), never);
  assert.equal(stdout.trim(), 'gone', 'a process that it started goes on');
}

async function endsStubborn(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const code = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
  const process = await executor.spawn(script(program, code), never);
  for await (const _ of process.lines()) break;
  const exit = await process.stop(200);
  assert.notEqual(exit.code, 0);
  assert.deepEqual(await process.exited, exit);
}
