import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DependencyContainer, InjectionToken } from 'tsyringe';
import type { Workspace } from '../config/load.js';
import { SweeplineError } from '../errors.js';
import { LOAD_NODE_ARGS } from '../load/run/young-generation.js';
import type { Logger } from '../logger.js';
import type { Planner } from '../plan/plan.js';
import type { RunnerResolver } from '../plan/runners.js';
import type { LoadedPlugin, Registry } from '../plugin/registry.js';
import type { App, Terminal } from './app.js';

/** What comes from the process that the CLI runs in. */
export interface Surroundings {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execPath: string;
  readonly terminal: Terminal;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly verbose?: boolean;
  /** If left out, a run whose process ends early stays open. */
  readonly holdRun?: App['holdRun'];
}

const MANIFEST = new URL('../../package.json', import.meta.url);
const BIN = fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url));

/** Explicit tokens, because esbuild's output has no decorator metadata. */
const TOKENS = {
  workspace: Symbol('workspace') as InjectionToken<Promise<Workspace>>,
  registry: Symbol('registry') as InjectionToken<Promise<Registry>>,
  runners: Symbol('runners') as InjectionToken<Promise<RunnerResolver>>,
  planner: Symbol('planner') as InjectionToken<Promise<Planner>>,
};

/**
 * The composition root: the only place that knows which parts the CLI consists of. Parts are loaded and made on first use: commands that
 * print or check configs need none of them.
 */
export function createApp(surroundings: Surroundings): App {
  const self = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Self;
  let made: Promise<DependencyContainer> | undefined;
  const part = async <T>(token: InjectionToken<Promise<T>>): Promise<T> => {
    made ??= createContainer(surroundings, self);
    return (await made).resolve(token);
  };
  return {
    version: self.version,
    holdRun: () => () => {},
    verbose: false,
    ...surroundings,
    selfCommand: [surroundings.execPath, BIN],
    loadCommand: [surroundings.execPath, ...LOAD_NODE_ARGS, BIN, 'load'],
    goldenServerCommand: [surroundings.execPath, BIN, 'golden-server'],
    workspace: () => part(TOKENS.workspace),
    registry: () => part(TOKENS.registry),
    registryWith: async (plugins) =>
      loadRegistry(plugins, (await part(TOKENS.workspace)).file, self, surroundings.logger),
    runners: () => part(TOKENS.runners),
    planner: () => part(TOKENS.planner),
  };
}

interface Self {
  readonly name: string;
  readonly version: string;
}

async function createContainer({ cwd, logger }: Surroundings, self: Self): Promise<DependencyContainer> {
  await import('reflect-metadata'); // tsyringe must be loaded after it
  const { container: root, instanceCachingFactory } = await import('tsyringe');
  const container = root.createChildContainer();
  const lazily = <T>(token: InjectionToken<T>, make: (from: DependencyContainer) => T): void => {
    container.register(token, { useFactory: instanceCachingFactory(make) });
  };
  lazily(TOKENS.workspace, async () => (await import('../config/load.js')).loadWorkspace(cwd));
  lazily(TOKENS.registry, async (from) => {
    const { config, file } = await from.resolve(TOKENS.workspace);
    return loadRegistry(config.plugins, file, self, logger);
  });
  lazily(TOKENS.runners, async (from) => {
    const { createRunnerResolver } = await import('../plan/runners.js');
    const { resolveClusters } = await import('../plan/resolve-clusters.js');
    const { loadClusters } = await import('../config/load.js');
    const { config, root, at } = await from.resolve(TOKENS.workspace);
    const registry = await from.resolve(TOKENS.registry);
    const { clusters, problems } = resolveClusters(await loadClusters(root, cwd), registry);
    const error = SweeplineError.together(problems, `the clusters have ${problems.length} problems`);
    if (error !== undefined) throw error;
    return createRunnerResolver(config.runners, registry, clusters, (label, field) =>
      at(['runners', label, field]),
    );
  });
  lazily(TOKENS.planner, async (from) => {
    const { createPlanner } = await import('../plan/plan.js');
    const { loadModels } = await import('../config/load.js');
    const { root } = await from.resolve(TOKENS.workspace);
    const [registry, runners] = [await from.resolve(TOKENS.registry), await from.resolve(TOKENS.runners)];
    return createPlanner(registry, runners, await loadModels(root, cwd));
  });
  return container;
}

async function loadRegistry(
  plugins: readonly string[],
  file: string,
  self: Self,
  logger: Logger,
): Promise<Registry> {
  const { createRegistry } = await import('../plugin/registry.js');
  const { loadPlugins } = await import('../plugin/discovery.js');
  const notify = (line: string): void => logger.warn(line);
  return createRegistry([
    ...(await builtinPlugins(self, logger)),
    ...(await loadPlugins(plugins, file, notify)),
  ]);
}

async function builtinPlugins({ name, version }: Self, logger: Logger): Promise<readonly LoadedPlugin[]> {
  const { createLocalLauncher } = await import('../launch/launchers/local.js');
  const { builtinMetrics } = await import('../metrics/builtin/index.js');
  return [createLocalLauncher(logger), ...builtinMetrics].map((plugin) => ({
    plugin,
    package: name,
    version,
  }));
}
