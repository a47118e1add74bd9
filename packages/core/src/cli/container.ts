import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  container as root,
  instanceCachingFactory,
  type DependencyContainer,
  type InjectionToken,
} from 'tsyringe';
import { loadWorkspace, type Workspace } from '../config/load.js';
import type { Logger } from '../logger.js';
import { localLauncher } from '../launch/launchers/local.js';
import { builtinMetrics } from '../metrics/builtin/index.js';
import { createPlanner, type Planner } from '../plan/plan.js';
import { createRunnerResolver, type RunnerResolver } from '../plan/runners.js';
import { loadPlugins } from '../plugin/discovery.js';
import type { Plugin } from '../plugin/plugin.js';
import { createRegistry, type LoadedPlugin, type Registry } from '../plugin/registry.js';
import type { App, Terminal } from './app.js';

/** What comes from outside: the process that the CLI runs in. */
export interface Surroundings {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execPath: string;
  readonly terminal: Terminal;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const MANIFEST = new URL('../../package.json', import.meta.url);
const BIN = fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url));

const builtinPlugins: readonly Plugin[] = [localLauncher, ...builtinMetrics];

/** Explicit tokens: what esbuild compiles carries no decorator metadata. */
const TOKENS = {
  workspace: Symbol('workspace') as InjectionToken<Promise<Workspace>>,
  registry: Symbol('registry') as InjectionToken<Promise<Registry>>,
  runners: Symbol('runners') as InjectionToken<Promise<RunnerResolver>>,
  planner: Symbol('planner') as InjectionToken<Promise<Planner>>,
};

/** The composition root: the one place that knows which parts the CLI is made of. Parts are made when first asked for. */
export function createApp(surroundings: Surroundings): App {
  const { version, name } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string; name: string };
  const container = root.createChildContainer();
  const lazily = <T>(token: InjectionToken<T>, make: (from: DependencyContainer) => T): void => {
    container.register(token, { useFactory: instanceCachingFactory(make) });
  };
  lazily(TOKENS.workspace, () => loadWorkspace(surroundings.cwd));
  lazily(TOKENS.registry, async (from) => {
    const builtin = builtinPlugins.map((plugin): LoadedPlugin => ({ plugin, package: name, version }));
    const { config, file } = await from.resolve(TOKENS.workspace);
    return createRegistry([...builtin, ...(await loadPlugins(config.plugins, file))]);
  });
  lazily(TOKENS.runners, async (from) => {
    const { config } = await from.resolve(TOKENS.workspace);
    return createRunnerResolver(config.runners, await from.resolve(TOKENS.registry));
  });
  lazily(TOKENS.planner, async (from) =>
    createPlanner(await from.resolve(TOKENS.registry), await from.resolve(TOKENS.runners)),
  );
  return {
    version,
    ...surroundings,
    loadCommand: [surroundings.execPath, BIN, 'load'],
    workspace: () => container.resolve(TOKENS.workspace),
    registry: () => container.resolve(TOKENS.registry),
    runners: () => container.resolve(TOKENS.runners),
    planner: () => container.resolve(TOKENS.planner),
  };
}
