import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectNode } from '../../src/launch/bundle/node-binary.js';
import { runCli } from '../run-cli.js';
import { elfFile, type ElfFacts } from './elf-file.js';

let root: string;
let file: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sweepline-node-'));
  file = join(root, 'node');
});
afterEach(() => rm(root, { recursive: true }));

const OFFICIAL: ElfFacts = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  libraries: ['libdl.so.2', 'libstdc++.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libpthread.so.0', 'libc.so.6'],
  versions: {
    'libc.so.6': ['GLIBC_2.4', 'GLIBC_2.28', 'GLIBC_2.9', 'GLIBC_PRIVATE'],
    'libm.so.6': ['GLIBC_2.27'],
    'libstdc++.so.6': ['GLIBCXX_3.4.9', 'GLIBCXX_3.4.21', 'CXXABI_1.3.9'],
  },
  content: `${'code '.repeat(500)}node.js/v22.12.0\0`,
};

async function inspect(facts: ElfFacts) {
  await writeFile(file, elfFile(facts));
  return inspectNode(file);
}

describe('inspectNode', () => {
  it('reads what the Node.js that runs this needs', async () => {
    const { arch, version, sha256, glibc, libstdcxx } = await inspectNode(process.execPath);

    expect({ arch, version }).toEqual({ arch: process.arch, version: process.versions.node });
    expect(sha256).toBe(
      createHash('sha256')
        .update(await readFile(process.execPath))
        .digest('hex'),
    );
    expect(glibc).toMatch(/^2\.\d+$/);
    expect(libstdcxx).toMatch(/^3\.4\.\d+$/);
  });

  it('reads it of one of any architecture', async () => {
    expect(await inspect(OFFICIAL)).toMatchObject({
      ...{ version: '22.12.0', arch: 'x64', glibc: '2.28', libstdcxx: '3.4.21' },
      bytes: elfFile(OFFICIAL).length,
    });
    expect(
      await inspect({ ...OFFICIAL, machine: 183, interpreter: '/lib/ld-linux-aarch64.so.1' }),
    ).toMatchObject({
      ...{ version: '22.12.0', arch: 'arm64' },
    });
    const s390x = { machine: 22, isBigEndian: true, interpreter: '/lib/ld64.so.1' };
    expect(await inspect({ ...OFFICIAL, ...s390x })).toMatchObject({ arch: 's390x', glibc: '2.28' });
  });

  it('takes one that needs no library', async () => {
    const { glibc, arch } = await inspect({ content: OFFICIAL.content ?? '' });
    expect({ glibc, arch }).toEqual({ glibc: undefined, arch: 'x64' });
  });

  it('finds the version wherever it is', async () => {
    for (const before of [2 ** 20 - 900, 2 ** 20 - 890, 2 ** 20 - 880])
      expect(
        await inspect({ ...OFFICIAL, content: `${'x'.repeat(before)}node.js/v20.19.0\0` }),
      ).toMatchObject({
        version: '20.19.0',
      });
  });

  it.each<[string, ElfFacts, string]>([
    [
      'musl',
      { interpreter: '/lib/ld-musl-x86_64.so.1', libraries: ['libc.musl-x86_64.so.1'] },
      'built for musl',
    ],
    [
      'libraries of its own',
      { libraries: ['libnode.so.115', 'libuv.so.1', 'libc.so.6'] },
      'needs libnode.so.115, libuv.so.1,',
    ],
    [
      'a newer glibc',
      { versions: { 'libc.so.6': ['GLIBC_2.4', 'GLIBC_2.34'] } },
      'needs glibc 2.34, newer than 2.28',
    ],
    [
      'a newer libstdc++',
      { versions: { 'libstdc++.so.6': ['GLIBCXX_3.4.30'] } },
      'needs libstdc++ 3.4.30, newer than 3.4.25',
    ],
    ['an unknown machine', { machine: 8 }, 'for an unknown machine (8)'],
    ['another program', { content: 'hello' }, 'it is not Node.js'],
    [
      'an old Node.js',
      { content: 'node.js/v20.18.3' },
      'it is Node.js 20.18.3, and the client needs 20.19.0 or newer',
    ],
  ])('refuses %s', async (_, facts, message) => {
    await expect(inspect({ ...OFFICIAL, ...facts })).rejects.toMatchObject({
      code: 'CLIENT_UNUSABLE',
      message: expect.stringContaining(message) as string,
      where: { file },
      hint: expect.stringContaining('--node') as string,
    });
  });

  it('refuses files that were cut off anywhere', async () => {
    const whole = elfFile(OFFICIAL);
    for (let length = 0; length < whole.length; length += 7) {
      await writeFile(file, whole.subarray(0, length));
      await expect(inspectNode(file)).rejects.toMatchObject({ code: 'CLIENT_UNUSABLE' });
    }
  });

  it('refuses files in which any byte is another, or reads them: it never fails otherwise', async () => {
    const whole = elfFile({ ...OFFICIAL, content: 'node.js/v22.12.0\0' });
    for (let at = 0; at < whole.length; at += 3) {
      const broken = Buffer.from(whole);
      broken[at] = broken[at]! ^ 0xff;
      await writeFile(file, broken);
      const outcome = await inspectNode(file).catch((error: unknown) => error);
      expect(outcome).toSatisfy(
        (one: object) => 'sha256' in one || ('code' in one && one.code === 'CLIENT_UNUSABLE'),
        `byte ${at}: ${String(outcome)}`,
      );
    }
  });

  it('refuses what is not a file of a program', async () => {
    await writeFile(file, '#!/bin/sh\nexec node "$@"\n'.repeat(9));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    for (const [path, message] of [
      [file, 'it is not a Linux program'],
      [join(root, 'absent'), 'there is no such file'],
      [root, 'it is not a file'],
      [join(root, 'pipe'), 'it is not a file'],
    ] as const) {
      await expect(inspectNode(path)).rejects.toMatchObject({
        code: 'CLIENT_UNUSABLE',
        message: expect.stringContaining(message) as string,
      });
    }
  });
});

describe('sweepline client bundle --node', () => {
  it("bundles another architecture's Node.js", async () => {
    await writeFile(file, elfFile({ ...OFFICIAL, machine: 183 }));

    const { exitCode, stderr } = await runCli(['client', 'bundle', 'arm', '--node', 'node'], root);

    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('arm64') as string,
    });
    expect(JSON.parse(await readFile(join(root, 'arm/manifest.json'), 'utf8'))).toMatchObject({
      ...{ arch: 'arm64', node: '22.12.0', requires: { glibc: '2.28', libstdcxx: '3.4.21' } },
    });
    expect(await readFile(join(root, 'arm/node'))).toEqual(await readFile(file));
  });

  it('leaves nothing when it refuses one', async () => {
    await writeFile(file, 'text');

    const { exitCode, stderr } = await runCli(['client', 'bundle', 'arm', '--node', 'node'], root);

    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('not a Linux program') as string,
    });
    expect(await readdir(root)).toEqual(['node']);
  });
});
