import { SweeplineError, type ContainerSettings, type ProcessSpec } from '@sweepline/core';
import type { Settings } from './settings.js';

/** What containers of a lease are started with. */
export interface ContainerPlan {
  readonly job: string;
  readonly deviceSettings: ContainerSettings;
  /** Settings of the cluster for processes in containers of an image; without one, for those on the host. */
  readonly settingsOf: (image: string | undefined) => Settings;
}

/** A container of pyxis: its image, and its name where it has one. */
interface Container {
  readonly image: string;
  readonly name?: string | undefined;
}

/** One node's containers: pyxis keeps those that have a name until somebody removes them. */
export interface Containers {
  /**
   * The settings for a process in a container, or on the host.
   * @throws {SweeplineError} PLAN_UNSUPPORTED for the container of a process that there is not
   */
  settingsOf(spec: Pick<ProcessSpec, 'container' | 'argv'>, isSetUp: boolean, workDir: string): Settings;
  /** Names that were given to containers of this lease alone. */
  given(): readonly string[];
}

export function createContainers({ job, settingsOf: settingsFor }: ContainerPlan): Containers {
  const running = new Map<string, Container>();
  /** Names by image of the containers that what prepares has changed: the server must get that very one. */
  const changed = new Map<string, string>();
  const given = new Set<string>();
  const fill = (text: string): string => text.replaceAll('{job-id}', job);
  const containerOf = (spec: NonNullable<ProcessSpec['container']>, isChange: boolean): Container => {
    if ('sameAs' in spec) return running.get(spec.sameAs) ?? unknown(spec.sameAs);
    const { image, name } = spec;
    if (isChange && !changed.has(image)) changed.set(image, `sweepline-${job}-${changed.size}`);
    const own = name === undefined ? undefined : `sweepline-${job}-${name}`;
    const container = { image, name: changed.get(image) ?? own };
    if (name !== undefined) running.set(name, container);
    return container;
  };
  return {
    settingsOf({ container: asked, argv }, isSetUp, workDir) {
      if (asked === undefined) return settingsFor(undefined);
      // Downloads go to the cache, which is mounted.
      const { image, name: own } = containerOf(asked, isSetUp && argv[0] !== 'hf');
      const settings = settingsFor(image);
      const { 'container-name': kept } = settings;
      const name = fill(kept ?? own ?? '');
      // One that the cluster's entry names is for later jobs.
      if (kept === undefined && name !== '') given.add(name);
      const { 'temp-mounts': temporary, mounts } = settings;
      return {
        ...settings,
        'container-name': name === '' ? undefined : name,
        mounts: { ...mounts, [workDir]: workDir },
        'temp-mounts': Object.fromEntries(Object.entries(temporary).map(([from, to]) => [fill(from), to])),
      };
    },
    given: () => [...given],
  };
}

function unknown(name: string): never {
  throw new SweeplineError('PLAN_UNSUPPORTED', `there is no container of ${name} on this node`);
}
