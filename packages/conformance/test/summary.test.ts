import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SUMMARY = join(import.meta.dirname, '../../../.ci/summary.js');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-summary-'));
  await mkdir(join(folder, 'recordings/matrix'), { recursive: true });
  // A separate project: next to it is only what a test puts there.
  await mkdir(join(folder, 'project/.ci'), { recursive: true });
  await copyFile(SUMMARY, join(folder, 'project/.ci/summary.js'));
  await writeFile(join(folder, 'project/package.json'), '{"type":"module"}');
});
afterEach(() => rm(folder, { recursive: true }));

type Test = readonly [suite: string, status: 'passed' | 'failed' | 'skipped'];

/** CI's summary of a test run, and its exit code. */
async function summary(tests: readonly Test[], recordings = join(folder, 'recordings')) {
  const count = (status: Test[1]) => tests.filter((test) => test[1] === status).length;
  const report = {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('skipped'),
    testResults: [
      {
        assertionResults: tests.map(([suite, status]) => ({
          ancestorTitles: ['core', suite],
          title: 'x',
          status,
        })),
      },
    ],
  };
  const file = join(folder, 'report.json');
  await writeFile(file, JSON.stringify(report));
  const env = { PATH: process.env['PATH'], SWEEPLINE_CONFORMANCE: recordings };
  try {
    return {
      exitCode: 0,
      stdout: execFileSync(process.execPath, [join(folder, 'project/.ci/summary.js'), file], {
        env,
        encoding: 'utf8',
      }),
    };
  } catch (thrown) {
    const { status, stdout } = thrown as { status: number; stdout: string };
    return { exitCode: status, stdout };
  }
}

describe('the end of CI', () => {
  it('is good where all recordings were compared with', async () => {
    expect(
      await summary([
        ['rows [recorded: matrix]', 'passed'],
        ['other', 'skipped'],
      ]),
    ).toEqual({ exitCode: 0, stdout: '1 passed, 0 failed, 1 skipped\n' });
  });

  it('is bad where one of their suites was skipped', async () => {
    const { exitCode, stdout } = await summary([
      ['rows [recorded: matrix]', 'passed'],
      ['configs [recorded: matrix]', 'skipped'],
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/matrix: 1 tests did not run, of core > configs/);
  });

  it('is bad where nothing was compared with a part of them', async () => {
    await mkdir(join(folder, 'recordings/prompts'));
    const { exitCode, stdout } = await summary([['rows [recorded: matrix]', 'passed']]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/recordings\/prompts: no test compared with them/);
  });

  it('is bad where a part that is a link was not compared with', async () => {
    await mkdir(join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'recordings/prompts'));
    const { exitCode, stdout } = await summary([['rows [recorded: matrix]', 'passed']]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/recordings\/prompts: no test compared with them/);
  });

  it('is bad where another folder is named than the one beside the project, or one without recordings', async () => {
    const tests: readonly Test[] = [['rows [recorded: matrix]', 'passed']];
    await mkdir(join(folder, 'empty'));
    expect(await summary(tests, join(folder, 'empty'))).toMatchObject({ exitCode: 1 });
    expect(await summary(tests, join(folder, 'report.json'))).toMatchObject({ exitCode: 1 });
    await mkdir(join(folder, 'shared'));
    await symlink(join(folder, 'recordings'), join(folder, 'shared/conformance'));
    expect(await summary(tests)).toMatchObject({ exitCode: 0 });
    await rm(join(folder, 'shared/conformance'));
    await mkdir(join(folder, 'shared/conformance/prompts'), { recursive: true });
    const { exitCode, stdout } = await summary(tests);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/shared\/conformance: not compared with, as SWEEPLINE_CONFORMANCE names/);
  });

  it('is bad where the folder that is named for them is not there, and where no test ran', async () => {
    expect((await summary([['other', 'passed']], join(folder, 'nowhere'))).exitCode).toBe(1);
    expect(await summary([['rows [recorded: matrix]', 'skipped']])).toMatchObject({ exitCode: 1 });
  });
});
