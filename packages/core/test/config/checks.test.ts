import { describe, expect, it } from 'vitest';
import type { CheckContext } from '../../src/config/checks/check.js';
import { CHECKS } from '../../src/config/checks/index.js';
import { runChecks } from '../../src/config/findings.js';
import { readMaster } from '../../src/config/master.js';
import { parseYaml } from '../../src/config/yaml/parse.js';

const RUNNERS = {
  file: 'runners.yaml',
  labels: { h200: ['h200_0'], 'cluster:gb200-nv': ['gb200_0'], 'cluster:odd': ['odd_0'] },
  hardware: { 'cluster:odd': { 'available-cpu-dram-mib': 1, 'gpus-per-node': 2 } },
};

interface Shape {
  readonly spaces: readonly string[];
  readonly image?: string;
  readonly runner?: string;
}

const entry = ({ spaces, image = 'i:1', runner = 'h200' }: Shape) => `e:
  image: ${image}
  model: m
  model-prefix: p
  runner: ${runner}
  precision: fp8
  framework: f
  multinode: false
  scenarios:
    fixed-seq-len:
      - { isl: 1, osl: 1, search-space: [] }
      - isl: 1
        osl: 1
        search-space:
${spaces.map((space) => `          - { ${space} }\n`).join('')}`;

/** The remarks of checks on an entry, as `check line:column message`. */
async function remarks(shape: Shape, context: Partial<CheckContext> = {}): Promise<readonly string[]> {
  const { entries, problems } = readMaster(await parseYaml(entry(shape), 'a.yaml'));
  expect(problems).toEqual([]);
  return runChecks(entries, { labels: [], devicesOf: () => undefined, ...context }).map(
    ({ code, message, where }) => `${code} ${where.line ?? 0}:${where.column ?? 0} ${message}`,
  );
}

const FINE = ['tp: 8, conc-start: 4, conc-end: 64', 'tp: 4, conc-list: [1, 2]'];

describe('checks beyond the schema', () => {
  it('each have a name of their own', () => {
    expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
  });

  it('have nothing to say about an entry without fault', async () => {
    expect(await remarks({ spaces: FINE }, { runners: RUNNERS })).toEqual([]);
  });

  it.each([
    ['repo/name', true],
    ['name', true],
    ['registry.example:5000/name', true],
    ['name:1', false],
    ['registry.example:5000/repo#x/name:1', false],
    ['name@sha256:0', false],
    ['host', false],
  ])('image-tag: %s', async (image, remarked) => {
    const expected = `image-tag 2:3 image: expected a tag, as in name:1.0, got ${JSON.stringify(image)}`;
    expect(await remarks({ spaces: FINE, image })).toEqual(remarked ? [expected] : []);
  });

  it('runner-label: unknown ones are told where there is a runner config, with the nearest of the same hardware', async () => {
    const label = (runner: string, context: Partial<CheckContext>) =>
      remarks({ spaces: FINE, runner }, context);
    const unknown = 'runner-label 5:3 runner: runners.yaml has no label';
    expect(await label('h100', { runners: RUNNERS })).toEqual([`${unknown} "h100"`]);
    expect(await label('g200', { runners: RUNNERS })).toEqual([`${unknown} "g200"; did you mean "h200"?`]);
    expect(await label('h100', { runners: RUNNERS, labels: ['h100'] })).toEqual([]);
    expect(await label('h100', {})).toEqual([]);
  });

  it('gpus-per-node: tp × pp × pcp-size is held against what is known of the label; ep is within tp', async () => {
    const devices: Readonly<Record<string, number>> = {
      h200: 8,
      'h200-cw': 8,
      'cluster:gb200-nv': 4,
      mine: 1,
    };
    const size = (space: string, runner: string, context: Partial<CheckContext> = {}) =>
      remarks(
        { spaces: [`${space}, conc-list: [1]`], runner },
        { devicesOf: (label) => devices[label], ...context },
      );
    expect(await size('tp: 8, ep: 8', 'h200')).toEqual([]);
    expect(await size('tp: 4, pp: 2, pcp-size: 2', 'h200-cw')).toEqual([
      'gpus-per-node 15:15 tp 4 × pp 2 × pcp-size 2 needs 16 GPUs; a node of h200-cw has 8',
    ]);
    expect(await size('tp: 8', 'cluster:gb200-nv')).toEqual([
      'gpus-per-node 15:15 tp 8 needs 8 GPUs; a node of cluster:gb200-nv has 4',
    ]);
    expect(await size('tp: 4', 'cluster:odd', { runners: RUNNERS })).toEqual([
      'gpus-per-node 15:15 tp 4 needs 4 GPUs; a node of cluster:odd has 2',
    ]);
    expect(await size('tp: 4', 'mine')).toHaveLength(1);
    expect(await size('tp: 64', 'nobody-knows')).toEqual([]);
  });

  it('concurrency-order: lists rise', async () => {
    expect(await remarks({ spaces: ['tp: 8, conc-list: [1, 4, 2]', 'tp: 4, conc-list: [3, 3]'] })).toEqual([
      'concurrency-order 15:40 conc-list: expected rising concurrencies, got 2 after 4',
      'concurrency-order 16:37 conc-list: expected rising concurrencies, got 3 after 3',
    ]);
  });

  it('repeated-point: a point is in one search space of a scenario, however it is written', async () => {
    expect(
      await remarks({
        spaces: [
          'tp: 8, conc-start: 4, conc-end: 50',
          'tp: 8, ep: 1, dp-attn: false, spec-decoding: none, conc-list: [16, 50, 64]',
          'tp: 8, ep: 8, conc-list: [16]',
          'tp: 8, conc-list: [64]',
        ],
      }),
    ).toEqual([
      'repeated-point 16:13 concurrency 16, 50 is in search-space[0] already, with the same settings',
      'repeated-point 18:13 concurrency 64 is in search-space[1] already, with the same settings',
    ]);
  });
});
