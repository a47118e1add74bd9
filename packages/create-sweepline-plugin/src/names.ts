import { UsageError } from './usage-error.js';

/** Names of a package and its plugin. */
export interface Names {
  /** The npm package, such as `@acme/sweepline-x1`. */
  readonly package: string;
  /** The plugin in it, in kebab-case: its name in configs, such as `x1`. */
  readonly plugin: string;
}

/** The longest name of a package, in characters. Source: npm's documentation of package.json. */
const MOST_CHARACTERS = 214;
const PACKAGE = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;
const PLUGIN = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** Names with another meaning for npm. */
const TAKEN = ['node_modules', 'favicon.ico'];

/** @throws {UsageError} for an invalid name of a package or a plugin. */
export function namesOf(packageName: string, pluginName?: string): Names {
  const base = packageName.replace(/^@[^/]*\//, '');
  if (!PACKAGE.test(packageName) || packageName.length > MOST_CHARACTERS || TAKEN.includes(base)) {
    throw new UsageError(
      `"${packageName}" is not a valid npm name: lower-case letters, digits and hyphens, such as acme-engine or @acme/engine.`,
    );
  }
  const plugin =
    pluginName ?? base.replace(/^(?:sweepline-)?(?:plugin-)?(?=.)/, '').replaceAll(/[._]+/g, '-');
  if (PLUGIN.test(plugin)) return { package: packageName, plugin };
  const hint = pluginName === undefined ? ' Choose another one with --name.' : '';
  throw new UsageError(
    `"${plugin}" is not a name for a plugin: a lower-case letter, then letters and digits with single hyphens between them.${hint}`,
  );
}
