import { MARKER, secretsIn } from '@sweepline/core/launch';

/** What all containers of a session have in common. */
export interface ContainerSettings {
  /** The engine, and what chooses its daemon. */
  readonly program: readonly string[];
  /** Arguments from the cluster's entry. */
  readonly args: readonly string[];
  /** Arguments that give it the devices. */
  readonly devices: readonly string[];
  /** Arguments that mount folders. */
  readonly mounts: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables that containers get from the caller, by name. */
  readonly passEnv: readonly string[];
}

export interface Container {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly image: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Arguments of a command, and the environment that it must have: the values of what the arguments only name. */
export interface Arguments {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What comes after `docker run` or `docker create`: the same for plans that are printed and for those that are run. */
export function containerArguments(container: Container, settings: ContainerSettings): Arguments {
  const { name, labels = {}, image, argv, cwd = settings.cwd } = container;
  const values = { ...settings.env, ...container.env };
  const passed = settings.passEnv.filter((variable) => !(variable in values));
  const variables = environmentArguments(values);
  return {
    args: [
      ...settings.args,
      ...['--network=host', `--name=${name}`],
      ...Object.entries(labels).map(([label, value]) => `--label=${label}=${value}`),
      ...settings.devices,
      ...settings.mounts,
      ...['-w', cwd],
      ...passed.flatMap((variable) => ['-e', variable]),
      ...variables.args,
      // Without an entrypoint the plan's own command is run, whatever the image has.
      '--entrypoint=',
      image,
      ...argv,
    ],
    env: variables.env,
  };
}

/** Secrets are named, and their values are in the environment of the command: its arguments can be read by everybody. */
export function environmentArguments(values: Readonly<Record<string, string>>): Arguments {
  // The mark is not a secret: it only has to be unique.
  const isSecret = (name: string, value: string): boolean =>
    name !== MARKER && secretsIn({ [name]: value }).length > 0;
  const entries = Object.entries(values);
  return {
    args: entries.flatMap(([name, value]) => ['-e', isSecret(name, value) ? name : `${name}=${value}`]),
    env: Object.fromEntries(entries.filter(([name, value]) => isSecret(name, value))),
  };
}
