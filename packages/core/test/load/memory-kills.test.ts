import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { Executor } from '../../src/plugin/node.js';
import { killedBecause, memoryState } from '../../src/measure/memory-kills.js';
import { scriptedNode, startFakeServer } from '../../src/testing/index.js';
import { makeWorkspace } from '../workspace.js';

/** A node with only these files. */
function nodeWith(files: Readonly<Record<string, string>>): Executor {
  return {
    ...scriptedNode({}).executor,
    async *copyOut(path) {
      if (!(path in files)) throw new Error('ENOENT');
      yield await Promise.resolve(new TextEncoder().encode(files[path]));
    },
  };
}

const MIB = 2 ** 20;

it.each([
  [
    'version 2',
    {
      '/proc/self/cgroup': '0::/jobs/a\n',
      '/sys/fs/cgroup/jobs/a/memory.events': 'low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n',
      '/sys/fs/cgroup/jobs/a/memory.max': '178257920\n',
    },
    { kills: 1, limitBytes: 170 * MIB },
  ],
  [
    'version 1',
    {
      '/proc/self/cgroup': '9:name=systemd:/\n4:cpuacct,memory:/a\n0::/\n',
      '/sys/fs/cgroup/memory/a/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
      '/sys/fs/cgroup/memory/a/memory.limit_in_bytes': '104857600\n',
    },
    { kills: 2, limitBytes: 100 * MIB },
  ],
  [
    'a container that sees its own cgroup as the root, without a limit',
    {
      '/proc/self/cgroup': '0::/../../elsewhere\n',
      '/sys/fs/cgroup/memory.events': 'oom_kill 0\n',
      '/sys/fs/cgroup/memory.max': 'max\n',
    },
    { kills: 0 },
  ],
  ['no cgroups', { '/proc/vmstat': 'nr_free_pages 5\noom_kill 7\n' }, { kills: 7 }],
  ['another system', {}, {}],
])('reads what %s says', async (_, files, expected) => {
  expect(await memoryState(nodeWith(files))).toEqual(expected);
});

it('names memory as certain where the kernel counted a kill, and as likely elsewhere', () => {
  expect(killedBecause({ kills: 0 }, { kills: 1, limitBytes: 170 * MIB })).toBe(
    "the kernel's out-of-memory killer ended 1 process meanwhile (limit of its cgroup: 170 MiB)",
  );
  expect(killedBecause({ kills: 1 }, { kills: 1 })).toMatch(/^most likely for want of memory, if nobody/);
  expect(killedBecause({}, {})).toMatch(/^most likely for want of memory/);
});

const BIN = fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url));

it('says so of a load process that its cgroup has too little memory for', async ({ skip }) => {
  const group = `/sys/fs/cgroup/memory/sweepline-test-${process.pid}`;
  try {
    mkdirSync(group);
    writeFileSync(join(group, 'memory.limit_in_bytes'), String(100 * MIB));
  } catch {
    skip('cgroups of version 1 can not be made here');
  }
  try {
    await using fake = await startFakeServer();
    await using workspace = await makeWorkspace();
    const load = ['--random-input-len', '4000', '--num-prompts', '2000', '--max-concurrency', '64'];
    const bench = [process.execPath, BIN, 'bench', '--model', 'fake-model', '--base-url', fake.url, ...load];

    const { exitCode, stderr } = await execa(
      'sh',
      ['-c', `echo $$ > ${group}/cgroup.procs; exec "$@"`, 'sh', ...bench],
      { cwd: workspace.root, reject: false, stdin: 'ignore' },
    );

    expect(stderr).toMatch(
      /LOAD_FAILED: the load process was killed by SIGKILL: the kernel's out-of-memory killer/,
    );
    expect(stderr).toContain('limit of its cgroup: 100 MiB');
    expect(exitCode).toBe(1);
  } finally {
    rmdirSync(group);
  }
});
