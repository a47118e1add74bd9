import { z } from 'zod';
import { problemsOf, type Checked } from '../config/issues.js';
import { toSweeplineError, type SweeplineError } from '../errors.js';
import type { LoadedPlugin } from '../plugin/registry.js';
import { watched } from '../watch/watched.js';

/** Options from a config after a plugin's own schema, or all their problems. */
export type CheckedOptions =
  | { readonly options: unknown; readonly problems: readonly [] }
  | { readonly problems: readonly SweeplineError[] };

/** Checks options with a plugin's schema; a plugin without one has no options. */
export function checkOptions(
  { plugin, package: packageName }: LoadedPlugin,
  checked: Omit<Checked, 'schema'>,
): CheckedOptions {
  const schema = plugin.options ?? z.strictObject({});
  const call = {
    plugin: `${plugin.kind} ${plugin.name}`,
    package: packageName,
    call: 'options',
    limit: 'pure',
  } as const;
  try {
    const parsed = watched(call, () => schema.safeParse(checked.value));
    if (parsed.success) return { options: parsed.data, problems: [] };
    return { problems: problemsOf(parsed.error.issues, { ...checked, schema }) };
  } catch (thrown) {
    return { problems: [toSweeplineError(thrown, 'PLUGIN_THREW', { where: checked.at([]) })] };
  }
}
