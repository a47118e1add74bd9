import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Sku } from '../../src/index.js';
import { createLocalLauncher } from '../../src/launch/launchers/local.js';
import { silentLogger } from '../../src/logger.js';
import { createFakeCluster, testLauncher } from '../../src/testing/index.js';

const SKU: Sku = { name: 'fleet-x2', vendor: 'fleet', device: 'cpu', devicesPerNode: 2, sources: [] };

testLauncher(createLocalLauncher(silentLogger), { describe, it, nodes: 1, sku: SKU });

const folder = await mkdtemp(join(tmpdir(), 'sweepline-cluster-'));
afterAll(() => rm(folder, { recursive: true }));
testLauncher(createFakeCluster({ folder, nodes: 3 }).launcher, {
  describe,
  it,
  nodes: 3,
  sku: SKU,
  groups: true,
});

describe('the contract of launchers', () => {
  const broken = async (wrong: (lease: object) => object): Promise<readonly string[]> => {
    const local = createLocalLauncher(silentLogger);
    const failures: string[] = [];
    const tests: (() => Promise<void>)[] = [];
    testLauncher(
      {
        ...local,
        acquire: async (request, signal) => {
          const lease = await local.acquire(request, signal);
          const [executor] = lease.executors;
          return {
            ...lease,
            [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose](),
            executors: [{ ...executor!, ...wrong(executor!) }],
          };
        },
      },
      {
        nodes: 1,
        sku: SKU,
        describe: (_, suite) => suite(),
        it: (title, test) =>
          void tests.push(async () => {
            await Promise.resolve(test()).catch(() => failures.push(title));
          }),
      },
    );
    for (const test of tests) await test();
    return failures;
  };

  it('is broken by one that runs on the host what is for a container', async () => {
    const failures = await broken((executor) => {
      const { run } = executor as { run: (spec: object, signal: AbortSignal) => unknown };
      return {
        run: ({ container: _, ...spec }: { container?: unknown }, signal: AbortSignal) => run(spec, signal),
      };
    });
    expect(failures).toEqual(['runs in a container or refuses to, and never on the host instead']);
  });
});
