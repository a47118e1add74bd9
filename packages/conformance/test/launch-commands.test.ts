import { join } from 'node:path';
import type { NodeLauncher } from '@sweepline/core';
import { createLaunchTester, samplePlan, sampleRole } from '@sweepline/core/testing';
import docker from '@sweepline/launcher-docker';
import slurm from '@sweepline/launcher-slurm';
import { expect, it } from 'vitest';
import { describeRows, type Command, type LauncherRow } from './recordings.js';

const LAUNCHERS: readonly NodeLauncher[] = [...docker, ...slurm];
const TESTER = await createLaunchTester(LAUNCHERS, join(import.meta.dirname, '../../..'));

/** A job's command and environment, for any framework: those of engines are tested with their plugins. */
const { argv: SERVE, env: SERVE_ENV } = sampleRole('');

/** Arguments with which containers access the devices of each vendor in the original's scripts; the hardware plugins contain them. */
const VENDORS = {
  nvidia:
    '--runtime=nvidia --gpus=all --ipc=host --privileged --shm-size=16g --ulimit memlock=-1 --ulimit stack=67108864',
  amd:
    '--ipc=host --shm-size=16g --privileged --cap-add=CAP_SYS_ADMIN --device=/dev/kfd --device=/dev/dri ' +
    '--device=/dev/mem --cap-add=SYS_PTRACE --security-opt seccomp=unconfined',
};

const ALONE = new Set(['--rm', '--init', '--privileged']);

/** Options with their values, `--a b` as `--a=b`, and the words after them. */
function parse(argv: readonly string[]): {
  readonly options: readonly string[];
  readonly rest: readonly string[];
} {
  const [option, value = '', ...rest] = argv;
  if (option === undefined || !option.startsWith('-')) return { options: [], rest: argv };
  const whole = option.includes('=') || ALONE.has(option);
  const inner = parse(whole ? argv.slice(1) : rest);
  return { ...inner, options: [whole ? option : `${option}=${value}`, ...inner.options] };
}

const valuesOf = (options: readonly string[], name: string): readonly string[] =>
  options.filter((option) => option.startsWith(`${name}=`)).map((option) => option.slice(name.length + 1));

type Environment = Readonly<Record<string, string>>;

/** The container that a command starts, in the form of recordings, and its flags. */
function containerOf({ argv, env = {} }: Command, jobEnv: Environment) {
  if (argv[0] === 'docker') {
    const { options, rest } = parse(argv.slice(2));
    const variables = valuesOf(options, '-e').map((given) => given.split(/=(.*)/s, 2) as [string, string?]);
    return {
      kind: 'docker',
      env: Object.fromEntries(variables.map(([name, value = jobEnv[name]]) => [name, value])),
      mounts: valuesOf(options, '-v'),
      image: rest[0],
      script: rest.slice(1),
      flags: options.filter((option) => !/^(?:-e|-v|--entrypoint)=/.test(option)).sort(),
    };
  }
  const options = argv.slice(1).filter((argument) => argument.startsWith('--'));
  const own = options.slice(0, options.findIndex((option) => option.startsWith('--export=')) + 1);
  const [exported = ''] = valuesOf(own, '--export');
  const told = exported
    .split(',')
    .slice(1)
    .map((given) => given.split('=') as [string, string]);
  return {
    kind: 'srun',
    export: exported,
    env_added: { ...env, ...Object.fromEntries(told) },
    mounts: valuesOf(own, '--container-mounts')[0]?.split(','),
    image: valuesOf(own, '--container-image')[0],
    script: argv.slice(own.length + 1),
    flags: own.filter((option) => !/^--(?:export|container-mounts|container-image)=/.test(option)).sort(),
  };
}

const startsContainer = ({ argv }: Command): boolean =>
  argv[1] === 'run' || argv.some((argument) => argument.startsWith('--container-image='));

const withJobId = ({ argv, env = {} }: Command): Command => ({
  argv: argv.map((argument) => argument.replaceAll('{job-id}', '4242')),
  env,
});

function strictly({ job, job_env: env = {}, node }: LauncherRow): readonly Command[] {
  const flags = VENDORS[job.runner.startsWith('mi') ? 'amd' : 'nvidia'].split(' ');
  return TESTER.commands({
    ...{ job, node, user: env['USER'] ?? 'runner0', strict: true },
    settings: { docker: flags, pyxis: [], env: {} },
    plan: samplePlan([sampleRole(String(job['image']))]),
  }).map(withJobId);
}

/** Without the plan's own variables: the original's scripts set those inside the container. */
function withoutPlan(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !(name in SERVE_ENV)));
}

function withoutScript({ script: _, env_not_passed: __, ...container }: Readonly<Record<string, unknown>>) {
  return container;
}

describeRows('launchers', (all) => {
  const rows = all.filter(
    ({ multinode, cfg, error }) => !multinode && cfg === undefined && error === undefined,
  );

  it('start one container each', () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) expect(strictly(row).filter(startsContainer), row.node).toHaveLength(1);
  });

  it('start it as recorded: image, mounts, environment, flags, with the plan for a script', () => {
    for (const row of rows) {
      const { node, id, variant = '', job_env: jobEnv = {}, container = {} } = row;
      const label = `${node} ${id} ${variant}`;
      const { script: _, ...expected } = containerOf(row.commands.find(startsContainer)!, jobEnv);
      const { script, ...mine } = containerOf(strictly(row).find(startsContainer)!, jobEnv);
      const environment = 'env' in mine ? 'env' : 'env_added';
      const all = (mine as unknown as Record<string, Environment>)[environment]!;

      expect({ ...mine, [environment]: withoutPlan(all) }, label).toEqual(expected);
      expect(all, label).toMatchObject(SERVE_ENV);
      expect(script, label).toEqual(SERVE);
      // This test's parser must agree with the recording about the recorded command.
      expect(expected, label).toMatchObject(withoutScript(container));
    }
  });

  it('allocate nodes as recorded, and release them', () => {
    const programs = new Set(['salloc', 'squeue', 'scancel', 'mktemp', 'rmdir']);
    const these = (commands: readonly Command[]) =>
      commands.map(({ argv }) => [...argv].sort()).filter((argv) => argv.some((word) => programs.has(word)));
    for (const row of rows) {
      expect(these(strictly(row)).sort(), row.node).toEqual(these(row.commands).sort());
    }
  });
});
