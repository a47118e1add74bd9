import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace, type TestWorkspace } from '../workspace.js';

const KEY = 'sk-the-key-of-the-client-0123456789';
const TOKEN = 'hf_the"token of downloads/0123456789';
const ENV = { OPENAI_API_KEY: KEY, HF_TOKEN: TOKEN };

/** A workspace whose servers are started by a script, which may print what it is given. */
async function scripted(script: string): Promise<TestWorkspace> {
  const workspace = await makeWorkspace();
  const program = join(workspace.root, 'server.sh');
  await workspace.write('server.sh', `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  await workspace.write('configs/acme.yaml', acmeEntry('one', { options: { program } }));
  return workspace;
}

/** Everything that the run has left, by path. */
async function filesOf(workspace: TestWorkspace): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(join(workspace.root, 'results'), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const));
}

describe('secrets of the environment', () => {
  it('are in nothing that a sweep leaves, and servers are not given the key of the client', async () => {
    await using workspace = await scripted(`env; exec ${process.execPath} "$@"`);

    const { stdout, stderr } = await workspace.cli(['sweep'], { env: ENV });

    const [result] = await workspace.results();
    expect({ state: result?.state, stderr }).toMatchObject({ state: 'completed' });
    const files = await filesOf(workspace);
    const logs = files.filter(([path]) => path.endsWith('.log'));
    expect(logs).toHaveLength(2);
    const { mode } = await stat(files.find(([path]) => path.endsWith('result.json'))![0]);
    for (const [path, text] of logs) {
      expect(text).toMatch(/^HF_TOKEN=\*\*\*$/m);
      expect(text).not.toContain('OPENAI_API_KEY');
      expect((await stat(path)).mode).toBe(mode);
    }
    for (const [, text] of [...files, ['output', stdout + stderr]]) {
      expect(text).not.toContain(KEY);
      expect(text).not.toContain(TOKEN);
    }
  });

  it('are in no message of a server that died of them', async () => {
    await using workspace = await scripted('echo "401 for $HF_TOKEN"; exit 1');

    const { stdout, stderr } = await workspace.cli(['sweep'], { env: ENV });

    expect(stdout).toContain('401 for ***');
    const texts = [...(await filesOf(workspace)).map(([, text]) => text), stdout, stderr];
    expect(texts.filter((text) => text.includes('hf_the'))).toEqual([]);
  });

  it('are in no mark, not even the beginning of one where a line of a log is cut', async () => {
    const says = `${'x'.repeat(170)} ${TOKEN}`;
    const args = ['--hold-after', '12', '--hold-for-ms', '2600', '--hold-says', says];
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one', { options: { args } }),
    });

    const { stdout, stderr } = await workspace.cli(['sweep', '--json'], { env: ENV });

    expect(stdout).toMatch(/server-0-0\.log then: .*x \*\*\*/);
    const texts = [...(await filesOf(workspace)).map(([, text]) => text), stdout, stderr];
    expect(texts.filter((text) => text.includes('hf_the'))).toEqual([]);
  });
});
