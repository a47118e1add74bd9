import { describe, expect, it } from 'vitest';
import { differences } from './compare.js';
import type { Plan } from './plans.js';
import type { Row } from './recordings.js';

const job = { framework: 'sglang', runner: 'b200' };
const client = '--backend vllm --num-prompts 40 --num-warmups 8 --max-concurrency 4 --ignore-eos';
const lengths =
  '--random-input-len 1024 --random-output-len 1024 --random-range-ratio 0.8 --base-url http://0.0.0.0:8888';

const row: Row = {
  job,
  script: 'x.sh',
  server: {
    argv: 'mpirun -n 1 --oversubscribe serve m --host=0.0.0.0 --port=8888 --tp 4 --trust'.split(' '),
    env: { SETTING: '1' },
  },
  files: { 'a.yml': 'kv:\n    dtype: fp8\n    share: 0.80\n' },
  pre: [{ argv: ['hf', 'download', 'm'] }, { argv: ['nvidia-smi'] }],
  client: { argv: `client ${client} ${lengths}`.split(' ') },
  exit: 0,
};
const server = {
  role: 'server',
  node: 0,
  argv: 'mpirun --oversubscribe -n 1 serve --trust --tp=4 m --port 8888 --host ::'.split(' '),
  env: { SETTING: '1' },
  files: { 'a.yml': 'kv: { share: 0.8, dtype: fp8 }' },
};
const plan: Plan = {
  job,
  prepare: [{ argv: ['hf', 'download', 'm'] }],
  processes: [server],
  endpoint: { baseUrl: 'http://{host:server:0}:8888' },
  client: {
    backend: 'vllm',
    numPrompts: 40,
    numWarmups: 8,
    concurrency: 4,
    inputLen: 1024,
    outputLen: 1024,
    rangeRatio: 0.8,
    ignoreEos: true,
    chatTemplate: false,
  },
};
const running = (changes: Partial<NonNullable<Plan['processes']>[number]>): Plan => ({
  ...plan,
  processes: [{ ...server, ...changes }],
});
const saying = (from: string, to: string) =>
  running({ argv: server.argv.join(' ').replace(from, to).split(' ') });
const refused: Row = { ...row, server: null, client: null, exit: 1, error: 'TP=4 is not supported' };

describe('plans and recordings', () => {
  it('are equal if they mean the same', () => {
    expect(differences(plan, row)).toEqual([]);
    expect(differences({ job, rejected: { reason: 'no: TP=4 is not supported' } }, refused)).toEqual([]);
  });

  it.each<[string, Plan, Row, RegExp]>([
    ['a value', saying('--tp=4', '--tp=8'), row, /^flag --serve --tp: planned \["8"\], recorded \["4"\]$/],
    [
      'a flag too many',
      saying('--trust', '--trust --eager'),
      row,
      /^flag --serve --eager: .* recorded nothing$/,
    ],
    ['a flag too few', saying('--trust ', ''), row, /^flag --serve --trust: planned nothing/],
    ['a flag twice', saying('--trust', '--trust --tp=4'), row, /^flag --serve --tp: planned \["4","4"\]/],
    ['a flag at the wrapper', saying('-n 1 serve', '-n 1 --tp=4 serve'), row, /^flag --tp: /],
    ['the program', saying('serve', 'server'), row, /^flag --server? words: /],
    ['the port', saying('--port 8888', '--port 8889'), row, /^flag --serve --port: /],
    ['the environment', running({ env: { SETTING: '2' } }), row, /^env SETTING: planned "2", recorded "1"$/],
    [
      'a setting in a file',
      running({ files: { 'a.yml': 'kv: { share: 0.9, dtype: fp8 }' } }),
      row,
      /share: planned 0.9, recorded 0.8$/,
    ],
    ['a file', running({ files: {} }), row, /^file a.yml: planned nothing/],
    [
      'the client',
      { ...plan, client: { ...plan.client, chatTemplate: true } },
      row,
      /^client chatTemplate: /,
    ],
    [
      'the port of the endpoint',
      { ...plan, endpoint: { baseUrl: 'http://{host:server:0}:80' } },
      row,
      /^client port: /,
    ],
    ['the download', { ...plan, prepare: [] }, row, /^prepare hf download m: /],
    ['a refusal', { job, rejected: { reason: 'no' } }, row, /^rejected: no$/],
    ['a refusal that is missing', plan, refused, /^planned, and the original refused it with 1: TP=4/],
    ['the reason of one', { job, rejected: { reason: 'no' } }, refused, /^reason: planned no/],
  ])('differ by %s', (_, other, recorded, difference) => {
    expect(differences(other, recorded)[0]).toMatch(difference);
  });
});
