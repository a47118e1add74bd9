import { UsageError } from './usage-error.js';

/** What a package and its plugin are called. */
export interface Names {
  /** The npm package, such as `@acme/sweepline-x1`. */
  readonly package: string;
  /** The plugin in it, kebab-case: what configs call it, such as `x1`. */
  readonly plugin: string;
}

/** Characters of a package's name at most. Source: npm's documentation of package.json. */
const MOST_CHARACTERS = 214;
const PACKAGE = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;
const PLUGIN = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** What npm takes for something else. */
const TAKEN = ['node_modules', 'favicon.ico'];

/** @throws {UsageError} for what is no name of a package, or of a plugin. */
export function namesOf(packageName: string, pluginName?: string): Names {
  const base = packageName.replace(/^@[^/]*\//, '');
  if (!PACKAGE.test(packageName) || packageName.length > MOST_CHARACTERS || TAKEN.includes(base)) {
    throw new UsageError(
      `"${packageName}" is not a name that npm takes: lower-case letters, digits and hyphens, such as acme-engine or @acme/engine.`,
    );
  }
  const plugin =
    pluginName ?? base.replace(/^(?:sweepline-)?(?:plugin-)?(?=.)/, '').replaceAll(/[._]+/g, '-');
  if (PLUGIN.test(plugin)) return { package: packageName, plugin };
  const hint = pluginName === undefined ? ' Give it another with --name.' : '';
  throw new UsageError(
    `"${plugin}" is not a name for a plugin: a lower-case letter, then letters and digits with single hyphens between them.${hint}`,
  );
}
