import { expect, it } from 'vitest';
import { byName, report, type Difference } from './compare.js';
import { strictPlans, type Plan } from './plans.js';
import { describeRows, groupBy, type Command, type LauncherRow } from './recordings.js';

type Environment = Readonly<Record<string, string>>;

describeRows('launchers', (all) => {
  const rows = all.filter(
    ({ multinode, cfg, error }) => !multinode && cfg === undefined && error === undefined,
  );
  const place = ({ node, job_env: env }: LauncherRow): string => `${node} of ${env?.['USER'] ?? 'runner0'}`;

  for (const [group, some] of groupBy(rows, place)) {
    it(`${group}: containers of ${some.length} jobs are started strictly as the original starts them`, async () => {
      const [{ node, job_env: env = {} }] = some as [LauncherRow];
      const planned = await strictPlans(
        some.map(({ job }) => job),
        ['--node', node],
        env['USER'] ?? 'runner0',
      );
      expect(
        report(
          some.map((row, index) => [
            `${row.id} ${row.job.framework} ${row.variant ?? ''}`,
            differences(planned[index]!, row),
          ]),
        ),
      ).toBe('');
    });
  }
});

/** Compares the single container of a plan's launch with the recorded one; it runs the plan's server instead of the script. */
function differences({ launch = [], processes = [] }: Plan, row: LauncherRow): readonly Difference[] {
  const [mine, ...others] = launch.filter(startsContainer);
  if (mine === undefined || others.length > 0) return [`${others.length + 1} containers`];
  const { script, environment, ...planned } = containerOf(mine, row.job_env ?? {});
  const recorded = containerOf(row.commands.find(startsContainer)!, row.job_env ?? {});
  const [server] = processes;
  return [
    ...byName('', planned, { ...recorded, script: undefined, environment: undefined }).filter(
      (difference) => !/^(?:script|environment): /.test(difference),
    ),
    ...byName('script: ', { argv: script }, { argv: server?.argv }),
    // The original's scripts set the server's own environment inside the container.
    ...byName('environment ', environment, { ...recorded.environment, ...server?.env }),
    // This test's parser must agree with the recording about the recorded command.
    ...byName(
      'recording: ',
      { image: recorded.image, mounts: recorded.mounts },
      { image: row.container?.['image'], mounts: row.container?.['mounts'] },
    ),
  ];
}

function startsContainer({ argv }: Command): boolean {
  const startsOne = (argument: string): boolean => argument.startsWith('--container-image=');
  return (argv[0] === 'docker' && argv[1] === 'run') || argv.some(startsOne);
}

interface Container {
  readonly image: string | undefined;
  readonly mounts: readonly string[];
  readonly flags: readonly string[];
  readonly environment: Environment;
  readonly script: readonly string[];
}

function containerOf({ argv, env = {} }: Command, jobEnv: Environment): Container {
  return argv[0] === 'docker' ? dockerContainer(argv, jobEnv) : pyxisContainer(argv, env);
}

const ALONE = new Set(['--rm', '--init', '--privileged']);

function dockerContainer(argv: readonly string[], jobEnv: Environment): Container {
  const options: string[] = [];
  let at = 2;
  while (argv[at]?.startsWith('-') === true) {
    const whole = argv[at]!.includes('=') || ALONE.has(argv[at]!);
    options.push(whole ? argv[at]! : `${argv[at]!}=${argv[at + 1] ?? ''}`);
    at += whole ? 1 : 2;
  }
  const environment = valuesOf(options, '-e').map((given) => given.split(/=(.*)/s, 2) as [string, string?]);
  return {
    image: argv[at],
    mounts: valuesOf(options, '-v'),
    flags: options.filter((option) => !/^(?:-e|-v|--entrypoint)=/.test(option)).sort(),
    environment: Object.fromEntries(environment.map(([name, value = jobEnv[name] ?? '']) => [name, value])),
    script: argv.slice(at + 1),
  };
}

function pyxisContainer(argv: readonly string[], env: Environment): Container {
  const end = argv.findIndex((argument) => argument.startsWith('--export=')) + 1;
  const options = argv.slice(1, end).map((option) => option.replaceAll('{job-id}', '4242'));
  const told = (valuesOf(options, '--export')[0] ?? '').split(',').slice(1);
  return {
    image: valuesOf(options, '--container-image')[0],
    mounts: (valuesOf(options, '--container-mounts')[0] ?? '').split(','),
    flags: options.filter((option) => !/^--container-(?:mounts|image)=/.test(option)).sort(),
    environment: { ...env, ...Object.fromEntries(told.map((given) => given.split('=') as [string, string])) },
    script: argv.slice(end),
  };
}

function valuesOf(options: readonly string[], name: string): readonly string[] {
  return options
    .filter((option) => option.startsWith(`${name}=`))
    .map((option) => option.slice(name.length + 1));
}
