import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { acmeEntry, makeWorkspace } from '../workspace.js';

/** More than the 512 MB that a text of Node may have. */
const BYTES = 600_000_000;

/** Says first and last words, and between them more than anybody wants to keep in memory. */
const SERVER = `#!/bin/sh
echo the first words
yes 'step 4711: nothing new' | head -c ${BYTES}
exec ${process.execPath} "$@"
`;

it.runIf(process.platform === 'linux')('keeps a log of any size, without the memory for it', async () => {
  await using workspace = await makeWorkspace({ 'server.sh': SERVER });
  const program = join(workspace.root, 'server.sh');
  await chmod(program, 0o755);
  await workspace.write('configs/acme.yaml', acmeEntry('one', { options: { program } }));
  const command = workspace.start(['sweep', '--allow-invalid']);
  let peakKb = 0;
  const sampled = setInterval(() => {
    void readFile(`/proc/${command.pid}/status`, 'utf8').then(
      (status) => (peakKb = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? peakKb)),
      () => {},
    );
  }, 50);

  const { exitCode, stderr } = await command.finally(() => clearInterval(sampled));

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const [result] = await workspace.results();
  expect(result).toMatchObject({ state: 'completed', provenance: { engine: { slots: '4' } } });
  const [run = ''] = /results: (.*)/.exec(stderr)?.slice(1) ?? [];
  for (const log of [`points/${result!.name}/logs/server-0-0.log`, `server_logs_${result!.name}/server.log`])
    expect((await stat(join(run, log))).size).toBeGreaterThan(BYTES);
  expect(peakKb).toBeGreaterThan(0);
  expect(peakKb).toBeLessThan(400_000);
});
