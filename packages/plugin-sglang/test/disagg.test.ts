import { describe, expect, it } from 'vitest';
import { disaggClusterSettings } from '../dist/index.js';
import { disaggJob, flags, plans, STRICT } from './plans.js';

const FP4 = { precision: 'fp4', model: 'amd/DeepSeek-R1-0528-MXFP4' };
const SUBMIT = { options: { launch: 'submit' } };
const NATIVE = { options: { launch: 'native' } };
const NO_CLUSTERS = 'mi355x-acme: { sku: mi355x, runners: [mi355x-disagg], launcher: local }';

describe('a submitted job', () => {
  it('is handed over as the original does', async () => {
    const mtp = disaggJob(
      { 'spec-decoding': 'mtp' },
      {},
      { 'additional-settings': ['DECODE_NODES=2', 'DECODE_MTP_SIZE=2'] },
    );
    const [printed] = await plans([mtp], STRICT);
    const [submit] = printed!.processes;

    expect(submit).toMatchObject({ role: 'submit', cwd: '{workspace}/sglang_disagg' });
    expect(submit!.argv.join(' ')).toBe(
      'bash ./submit_disagg.sh 1 1 2 2 1024 1024 8x64 inf false false false false 0.8',
    );
    expect(submit!.env).toEqual({
      CONTAINER_IMAGE: 'rocm/sgl-dev:sglang-0.5.8-rocm700-mi35x',
      DECODE_ENABLE_DP: 'false',
      DECODE_ENABLE_EP: 'false',
      MODEL_NAME: 'DeepSeek-R1',
      MODEL_PATH: '/models',
      PREFILL_ENABLE_DP: 'false',
      PREFILL_ENABLE_EP: 'false',
      SGL_SLURM_JOBS_PATH: 'sglang_disagg',
      SLURM_ACCOUNT: '{user}',
      SLURM_JOB_NAME: 'disagg.job',
      SLURM_PARTITION: 'gpus',
      TIME_LIMIT: '08:00:00',
    });
    expect(printed!.prepare.map(({ argv }) => argv.slice(0, 2).join(' '))).toEqual([
      'git clone',
      'git fetch',
      'git checkout',
    ]);
  });

  it('in FP4 spreads experts over one part only where the original is wanted', async () => {
    const switches = (text: string) => text.split(' ').slice(-5, -1);
    const [strict] = await plans([disaggJob(FP4)], STRICT);
    const [own, wide] = await plans([
      disaggJob({ ...FP4, ...SUBMIT }),
      disaggJob({ ...FP4, ...SUBMIT }, { tp: 1, ep: 8 }),
    ]);

    const found = [strict, own, wide].map((one) => switches(one!.processes[0]!.argv.join(' ')));
    expect(found).toEqual([
      ['true', 'false', 'true', 'false'],
      ['false', 'false', 'false', 'false'],
      ['true', 'false', 'false', 'false'],
    ]);
    expect(own!.processes[0]!.env).toMatchObject({ DECODE_NODES: '2', SBATCH_WAIT: '1' });
    expect(own!.warnings?.join()).toMatch('DeepSeek-R1-0528-MXFP4-Preview');
  });

  it('needs a script and settings of its cluster; without them the original is refused', async () => {
    const glm = disaggJob({ 'model-prefix': 'glm5' });
    const [other] = await plans([glm], STRICT);
    const [outside] = await plans([disaggJob()], STRICT, NO_CLUSTERS);
    const [untold] = await plans([disaggJob({}, { 'additional-settings': [] })], STRICT);

    expect(other!.rejected?.reason).toMatch('there is no submit script for glm5');
    expect(outside!.rejected?.reason).toMatch('no settings.sglang-disagg');
    expect(untold!.rejected?.reason).toMatch('needs PREFILL_NODES');
  });

  it('is told by its cluster where things are, and nothing else', () => {
    const given = { repository: 'r', partition: 'p', 'job-name': 'j', 'model-path': '/m' };
    const valid = (settings: object) => disaggClusterSettings.safeParse(settings).success;
    expect([
      valid({ ...given, 'time-limit': '8:00:00' }),
      valid({ ...given, 'time-limit': 28800 }),
      valid({ ...given, 'time-limit': '8:00:00', qos: 'high' }),
    ]).toEqual([true, false, false]);
  });
});

describe('a native topology', () => {
  it('has its workers, each on nodes of its own, behind a router that knows them all', async () => {
    const [printed, ofPath] = await plans([disaggJob(NATIVE), disaggJob({ ...NATIVE, model: '/models/m' })]);
    const { processes, prepare } = printed!;

    expect(prepare[0]!.argv).toEqual(['hf', 'download', 'deepseek-ai/DeepSeek-R1-0528']);
    expect(ofPath!.prepare).toEqual([]);

    expect(processes.map(({ role, node }) => [role, node])).toEqual([
      ['prefill', 0],
      ['decode', 1],
      ['decode', 2],
      ['router', 0],
    ]);
    const [prefill, decode, , router] = processes.map(({ argv }) => argv);
    expect(flags(prefill!)).toMatchObject({
      'disaggregation-mode': 'prefill',
      'disaggregation-transfer-backend': 'mooncake',
      'disaggregation-bootstrap-port': '8889',
      'tensor-parallel-size': '8',
      'attention-backend': 'aiter',
    });
    expect(flags(decode!)).not.toHaveProperty('disaggregation-bootstrap-port');
    expect(router!.slice(2)).toEqual(
      [
        ['sglang_router.launch_router', '--pd-disaggregation'],
        ['--host', '0.0.0.0', '--port', '8892', '--policy', 'round_robin'],
        ['--prefill', 'http://{host:prefill:0}:8888', '8889'],
        ['--decode', 'http://{host:decode:0}:8890', '--decode', 'http://{host:decode:1}:8891'],
      ].flat(),
    );
  });

  it('spreads a worker over nodes that meet at its first', async () => {
    const wide = { tp: 1, ep: 16, 'dp-attn': true, 'num-worker': 1 };
    const options = { launch: 'native', 'transfer-backend': 'mori', 'ib-device': 'ionic_0,ionic_1' };
    const [printed] = await plans([disaggJob({ options, conc: [2048] }, {}, wide)]);
    const decode = printed!.processes.filter(({ role }) => role === 'decode');

    expect(decode.map(({ node }) => node)).toEqual([1, 2]);
    const found = decode.map(({ argv }) => flags(argv));
    expect(found.map((of) => of['node-rank'])).toEqual(['0', '1']);
    for (const of of found) {
      expect(of).toMatchObject({
        nnodes: '2',
        'dist-init-addr': '{host:decode:0}:8891',
        'tensor-parallel-size': '16',
        'ep-size': '16',
        'data-parallel-size': '16',
        'enable-dp-attention': '',
        'disaggregation-transfer-backend': 'mori',
        'disaggregation-ib-device': 'ionic_0,ionic_1',
        'cuda-graph-max-bs': '256',
      });
    }
  });

  it('drafts as many tokens as the config says, on both sides', async () => {
    const mtp = { ...NATIVE, 'spec-decoding': 'mtp' };
    const [printed] = await plans([disaggJob(mtp, {}, { 'additional-settings': ['DECODE_MTP_SIZE=1'] })]);

    for (const { argv } of printed!.processes.filter(({ role }) => role !== 'router')) {
      expect(flags(argv)).toMatchObject({
        'speculative-algorithm': 'EAGLE',
        'speculative-num-steps': '1',
        'speculative-num-draft-tokens': '2',
      });
    }
    expect(printed!.client.chatTemplate).toBe(true);
  });

  it('is what jobs get, unless they name the submission or want the original', async () => {
    const jobs = [disaggJob(), disaggJob({ 'model-prefix': 'glm5' }), disaggJob({}, { tp: 4 })];
    const printed = [...(await plans(jobs)), ...(await plans([disaggJob()], [], NO_CLUSTERS))];
    const [submitted, strict] = [await plans([disaggJob(SUBMIT)]), await plans([disaggJob()], STRICT)].flat();

    expect(printed.map(({ processes }) => processes.at(-1)?.role)).toEqual(Array(4).fill('router'));
    expect([submitted, strict].map((one) => one?.processes.at(-1)?.role)).toEqual(['submit', 'submit']);
  });
});
