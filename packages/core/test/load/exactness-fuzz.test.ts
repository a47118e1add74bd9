import { describe, it } from 'vitest';
import { API_NAMES } from '../../src/load/client/codecs/names.js';
import type { GoldenInput } from '../../src/selftest/golden/options.js';
import { Mt19937 } from '../../src/load/prompts/mt19937.js';
import { expectExact, loadGolden } from './golden-load.js';

/** More are run with SWEEPLINE_FUZZ_ROUNDS. */
const ROUNDS = Number(process.env['SWEEPLINE_FUZZ_ROUNDS'] ?? 40);

/** A combination of ways to frame answers and to split writes, drawn from a seed. */
function scenarioOf(seed: number) {
  const dice = new Mt19937(seed);
  const oneOf = <T>(values: readonly T[]): T => values[dice.integer(0, values.length)]!;
  const maybe = <T extends object>(values: T): Partial<T> => (oneOf([true, false]) ? values : {});
  const api = oneOf(API_NAMES);
  const server: GoldenInput = {
    text: oneOf(['plain', 'hard']),
    eventsPerWrite: oneOf([1, 2, 7, 100]),
    framing: oneOf(['chunked', 'chunked', 'content-length', 'until-close']),
    lineEnd: oneOf(['lf', 'crlf']),
    noise: oneOf([true, false]),
    earlyHead: oneOf([true, false]),
    usage: oneOf([true, true, false]),
    connection: oneOf(['keep-alive', 'keep-alive', 'close']),
    log: 'requests',
    ...maybe({ split: { longest: oneOf([1, 3, 30, 300, 3000]), random: oneOf([true, false]) } }),
    ...maybe({ chunkBytes: oneOf([1, 2, 50, 1000]) }),
  };
  const tokenIds = api === 'completions' || api === 'sglang';
  const changes = {
    endpoint: { api },
    prompts: {
      form: tokenIds ? ('token-ids' as const) : ('text' as const),
      inputLen: oneOf([8, 300, 4000]),
      outputLen: oneOf([1, 2, 9, 60]),
      seed,
    },
    connections: oneOf(['per-slot', 'per-request'] as const),
    arrival: { concurrency: oneOf([1, 3, 10]) },
    numPrompts: 10,
    numWarmups: 0,
  };
  const hasUsage = api === 'sglang' || (api !== 'trtllm' && server.usage === true);
  const framing = { text: server.text, otherChunks: api === 'chat' ? 1 : 0, counts: hasUsage };
  return { server, changes, framing };
}

describe('any framing, cut anywhere', () => {
  it.each(Array.from({ length: ROUNDS }, (_, seed) => seed))('is read exactly (seed %i)', async (seed) => {
    const { server, changes, framing } = scenarioOf(seed);
    await expectExact(await loadGolden(server, changes), framing);
  });
});
