import { describe, expect, it } from 'vitest';
import { readMaster } from '../../src/config/master.js';
import { parseYaml } from '../../src/config/yaml/parse.js';

const HEAD = `e:
  image: i:1
  model: m
  model-prefix: p
  runner: cluster:h100
  precision: fp8
  framework: f
`;
const WORKER = '{ num-worker: 1, tp: 4, ep: 4, dp-attn: true }';

interface Shape {
  readonly space: string;
  readonly top?: string;
  readonly multinode?: boolean;
}

const old = ({ space, top = '', multinode = false }: Shape) =>
  `${HEAD}  multinode: ${multinode}\n${top}  seq-len-configs: [{ isl: 1, osl: 2, search-space: [${space}] }]\n`;
const fixed = ({ space, top = '', multinode = false }: Shape) =>
  `${HEAD}  multinode: ${multinode}\n${top}  scenarios: { fixed-seq-len: [{ isl: 1, osl: 2, search-space: [${space}] }] }\n`;
const agentic = ({ space, top = '', multinode = false }: Shape) =>
  `${HEAD}  multinode: ${multinode}\n${top}  scenarios: { agentic-coding: [{ search-space: [${space}] }] }\n`;
const multi = (space: string, top = ''): Shape => ({ space, top, multinode: true });

/** The messages for a text, each with the last part of its key. */
async function messages(text: string): Promise<readonly string[]> {
  const { problems } = readMaster(await parseYaml(text, 'a.yaml'));
  return problems.map(({ message }) => message);
}

const spacesOf = async (text: string) => {
  const { entries, problems } = readMaster(await parseYaml(text, 'a.yaml'));
  expect(problems).toEqual([]);
  const { 'fixed-seq-len': lengths, 'agentic-coding': traces } = entries[0]!.entry.scenarios;
  return [...lengths, ...traces].flatMap((scenario) => scenario['search-space']);
};

const RANGE = 'conc-start: 4, conc-end: 8';

describe('concurrencies', () => {
  const either = 'expected either conc-start and conc-end, or conc-list';
  it.each([
    ['tp: 1', `search-space[0]: ${either}`],
    ['tp: 1, conc-start: 4', `search-space[0]: ${either}`],
    ['tp: 1, conc-end: 4', `search-space[0]: ${either}`],
    ['tp: 1, conc-list: []', `search-space[0]: ${either}`],
    [`tp: 1, conc-list: [4], ${RANGE}`, `conc-list: ${either}, not both`],
    ['tp: 1, conc-start: 8, conc-end: 4', 'conc-end: expected at least conc-start, which is 8, got 4'],
    [
      'tp: 1, conc-start: 8, conc-end: 9007199254740992',
      'conc-end: expected a whole number above 0, got 9007199254740992',
    ],
    ['tp: 1, conc-start: 0, conc-end: 4', 'conc-start: expected a whole number above 0, got 0'],
    ['tp: 1, conc-list: [4, 0]', 'conc-list[1]: expected a whole number above 0, got 0'],
    ['tp: 1, conc-list: 4', 'conc-list: expected a list, got 4'],
    ['tp: 1, conc-list: [4.5]', 'conc-list[0]: expected a whole number above 0, got 4.5'],
  ])('{ %s }: %s', async (fields, message) => {
    expect(await messages(old({ space: `{ ${fields} }` }))).toEqual([message]);
    expect(await messages(fixed({ space: `{ ${fields} }` }))).toEqual([message]);
  });

  it.each([
    [`conc-list: [], ${RANGE}`, { 'conc-list': [], 'conc-start': 4, 'conc-end': 8 }],
    [`conc-list: null, ${RANGE}`, { 'conc-start': 4, 'conc-end': 8 }],
    ['conc-list: [8, 4], conc-start: 4', { 'conc-list': [8, 4], 'conc-start': 4 }],
    ['conc-start: 4, conc-end: 4', { 'conc-start': 4, 'conc-end': 4 }],
  ])('{ %s } is accepted, and kept as written but for nulls', async (fields, concurrencies) => {
    expect(await spacesOf(old({ space: `{ tp: 1, ${fields} }` }))).toEqual([{ tp: 1, ...concurrencies }]);
  });
});

describe('fields of an entry', () => {
  const SPACE = `{ tp: 8, ${RANGE} }`;
  it.each([
    [old({ space: SPACE }).replace('  image: i:1\n', ''), ['missing field "image"; expected text']],
    [old({ space: SPACE }).replace('i:1', '8'), ['image: expected text, got 8']],
    [old({ space: SPACE }).replace('i:1', '""'), ['image: expected text that is not empty, got ""']],
    [
      old({ space: SPACE }).replace('multinode: false', 'multinode: yes'),
      ['multinode: expected true or false, got "yes"'],
    ],
    [old({ space: SPACE, top: '  disagg: 2\n' }), ['disagg: expected true or false, got 2']],
    [old({ space: SPACE, top: '  router: { name: r, version: v }\n' }), ['unknown field "router"']],
    [
      old({ space: SPACE, top: '  presicion: fp8\n' }),
      ['unknown field "presicion"; did you mean "precision"?'],
    ],
    [old({ space: `{ tp: eight, ${RANGE} }` }), ['tp: expected a whole number above 0, got "eight"']],
    [old({ space: `{ tp: "8", ${RANGE} }` }), ['tp: expected a whole number above 0, got "8"']],
    [old({ space: `{ tp: [8], ${RANGE} }` }), ['tp: expected a whole number above 0, got a list of 1']],
    [old({ space: `{ tp: 8, dp-attn: maybe, ${RANGE} }` }), ['dp-attn: expected true or false, got "maybe"']],
    [
      old({ space: `{ tp: 8, spec-decoding: eagle, ${RANGE} }` }),
      ['spec-decoding: expected one of none, mtp, draft_model, got "eagle"'],
    ],
    [
      old({ space: `{ tp: 8, spec-decoding: null, ${RANGE} }` }),
      ['spec-decoding: expected one of none, mtp, draft_model, got nothing'],
    ],
    [
      old({ space: '{ tp: 8, conc-strat: 4, conc-end: 8 }' }),
      ['unknown field "conc-strat"; did you mean "conc-start"?'],
    ],
    [old({ space: '{ tp: 8, conc_list: [4] }' }), ['unknown field "conc_list"; did you mean "conc-list"?']],
    [
      old({ space: '' }).replace(/\[\{.*\}\]/, '{}'),
      ['seq-len-configs: expected a list, got a map of fields'],
    ],
    ['e: {}', expect.arrayContaining(['missing field "multinode"; expected true or false']) as string[]],
    ['e: []', ['e: expected a map of fields, got an empty list']],
  ])('case %#', async (text, expected) => {
    expect(await messages(text)).toEqual(expected);
  });

  it('may be left out, null or empty where they have a default', async () => {
    expect(await spacesOf(old({ space: `{ tp: 8, ep: null, dp-attn: null, ${RANGE} }` }))).toEqual([
      { tp: 8, 'conc-start': 4, 'conc-end': 8 },
    ]);
    expect(await spacesOf(old({ space: '' }))).toEqual([]);
    expect(await messages('{}')).toEqual([]);
  });

  it('of workers are needed one by one, and stay as they were written', async () => {
    const missing = (field: string) =>
      old(
        multi(
          `{ prefill: ${WORKER.replace(new RegExp(`${field}: [^,}]+,? ?`), '')}, decode: ${WORKER}, conc-list: [1] }`,
        ),
      );
    for (const field of ['num-worker', 'tp', 'ep', 'dp-attn']) {
      expect(await messages(missing(field))).toEqual([
        expect.stringMatching(new RegExp(`^missing field "${field}"`)),
      ]);
    }
    const worker = '{ num-worker: 0, tp: 4, ep: 0, dp-attn: true, additional-settings: null }';
    const space = `{ prefill: ${worker}, decode: ${WORKER}, conc-list: [1] }`;
    expect(await spacesOf(old(multi(space)))).toMatchObject([
      { prefill: { 'num-worker': 0, 'additional-settings': null }, decode: { tp: 4 } },
    ]);
    expect(await messages(old({ space }))).toEqual([
      'missing field "tp"; expected a whole number above 0',
      expect.stringContaining('unknown field "prefill"') as string,
      expect.stringContaining('unknown field "decode"') as string,
    ]);
  });
});

describe('the dialect of August 2026', () => {
  const pair = (prefill: string, decode: string, rest = '') =>
    `{ prefill: ${prefill}, decode: ${decode}, conc-list: [1]${rest} }`;
  const WORKERS = pair(WORKER, WORKER);
  const DISAGG = '  disagg: true\n';
  const ROUTER = 'router: { name: r, version: "1" }';
  const dram = 'kv-offloading: dram, kv-offload-backend: { name: n }';
  it.each([
    [fixed({ space: `{ tp: 8, pp: 0, ${RANGE} }` }), 'pp: expected a whole number above 0, got 0'],
    [
      fixed({ space: `{ tp: 8, dcp-size: 5, ${RANGE} }` }),
      'dcp-size: expected a divisor of tp, which is 8, got 5',
    ],
    [fixed({ space: `{ tp: 8, kv-offloading: none, ${RANGE} }` }), 'unknown field "kv-offloading"'],
    [
      fixed(multi(pair(WORKER.replace('}', ', hardware: h100 }'), WORKER))),
      'search-space[0]: expected hardware in both prefill and decode, or in neither',
    ],
    [
      fixed(multi(WORKERS, DISAGG)),
      'disagg: expected kv-p2p-transfer on the entry or in every search space, got true',
    ],
    [
      fixed(multi(pair(WORKER, WORKER, ', kv-p2p-transfer: nixl'), '  kv-p2p-transfer: nixl\n')),
      'kv-p2p-transfer: expected either here or in search spaces, not both, got "nixl"',
    ],
    [
      fixed({ space: `{ tp: 8, ${ROUTER}, ${RANGE} }`, top: `  ${ROUTER}\n` }),
      'router: expected either here or in search spaces, not both',
    ],
    [
      fixed({ space: `{ tp: 8, ${RANGE} }`, top: '  router: { name: r, version: image:1 }\n' }),
      'version: expected a release, package version or commit, not an image, got "image:1"',
    ],
    [
      fixed({ space: `{ tp: 8, ${RANGE} }`, top: DISAGG }),
      'disagg: expected false if multinode is false, got true',
    ],
    [agentic({ space: `{ tp: 8, ${RANGE} }` }), 'missing field "kv-offloading"; expected one of none, dram'],
    [
      agentic({ space: `{ tp: 8, kv-offloading: none, ${RANGE} }` }).replace('cluster:', ''),
      'runner: expected a label that starts with cluster:, which agentic-coding requires, got "h100"',
    ],
    [
      agentic({ space: `{ tp: 8, kv-offloading: dram, ${RANGE} }` }).replace(
        '[{ search',
        '[{ dram-utilization: 1, search',
      ),
      'search-space[0]: expected kv-offload-backend with kv-offloading: dram',
    ],
    [
      agentic({ space: `{ tp: 8, kv-offloading: none, kv-offload-backend: { name: n }, ${RANGE} }` }),
      'kv-offload-backend: expected kv-offload-backend only if kv-offloading is dram',
    ],
    [
      agentic({ space: `{ tp: 8, ${dram}, ${RANGE} }` }),
      'agentic-coding[0]: expected dram-utilization with kv-offloading: dram',
    ],
    [
      agentic({ space: `{ tp: 8, ${dram}, ${RANGE} }` }).replace(
        '[{ search',
        '[{ dram-utilization: 1.5, search',
      ),
      'dram-utilization: expected a number above 0 and up to 1, got 1.5',
    ],
    [
      fixed({ space: '' }).replace(/\{ fixed.*/, '{ fixed-seq-len: [] }'),
      'scenarios: expected at least one scenario: fixed-seq-len or agentic-coding',
    ],
  ])('case %#', async (text, message) => {
    expect(await messages(text)).toEqual([message]);
  });

  it('has multi-node agentic spaces without a size of their own', async () => {
    expect(
      await spacesOf(
        agentic(multi(WORKERS.replace('}', '}, tp: null').replace(', tp: null, decode', ', decode'))),
      ),
    ).toHaveLength(1);
    expect(await messages(agentic(multi(`{ tp: 8, ${WORKERS.slice(2)}`)))).toEqual([
      'tp: expected no tp next to prefill and decode, got 8',
    ]);
  });

  it('keeps components where they were told', async () => {
    const text = fixed(multi(pair(WORKER, WORKER, `, ${ROUTER}, kv-p2p-transfer: nixl`), DISAGG));
    expect(await spacesOf(text)).toMatchObject([
      { router: { name: 'r', version: '1' }, 'kv-p2p-transfer': 'nixl' },
    ]);
  });
});
