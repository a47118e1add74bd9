import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { makeTestWorkspace } from '../../src/testing/workspace.js';

const PIGEON = fileURLToPath(new URL('../fixtures/pigeon-plugin', import.meta.url));

const ENTRY = `homing:
  image: host
  model: carrier
  model-prefix: homing
  runner: loft-1
  precision: fp8
  framework: pigeon
  multinode: false
  seq-len-configs:
    - { isl: 20, osl: 6, search-space: [{ tp: 1, conc-list: [2] }] }
`;

it('loads servers that speak an API of their own as their plugin says', async () => {
  await using workspace = await makeTestWorkspace({
    files: {
      'configs/sweepline.yaml': `plugins: ['@coop/sweepline-pigeon']\ndefault-configs: [configs/coop.yaml]\n`,
      'configs/coop.yaml': ENTRY,
    },
  });
  await cp(PIGEON, join(workspace.root, 'node_modules', '@coop', 'sweepline-pigeon'), { recursive: true });

  const { exitCode, stderr } = await workspace.cli(['sweep', '--allow-invalid']);

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const [result] = await workspace.results();
  expect(result).toMatchObject({
    state: 'completed',
    delivered: { offered: 10, completed: 10, failed: 0 },
    // The loft's own count: metrics are scraped where the plugin says, from after the warm-ups to after the last request.
    metrics: { completed: 10, total_output_tokens: 60, server_generation_tokens: 60 },
  });
  const { requests, server } = await workspace.records(result?.name ?? '');
  expect(server).toMatchObject({
    path: '/nest',
    scrapes: { failed: 0 },
    names: { running: 'pigeon_flying' },
  });
  for (const { chunkMs, finishReason, outputTokens } of requests) {
    expect({ chunks: chunkMs.length, finishReason, outputTokens }).toEqual({
      chunks: 6,
      finishReason: 'landed',
      outputTokens: 6,
    });
  }
});
