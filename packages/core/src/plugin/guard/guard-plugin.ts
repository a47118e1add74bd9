import type { Plugin } from '../plugin.js';
import { guardEval } from './eval.js';
import { guardFramework } from './framework.js';
import { guardHardware } from './hardware.js';
import { guardLauncher } from './launcher.js';
import { guardMetric } from './metric.js';
import type { Owner } from './owner.js';
import { guardRecipes } from './recipes.js';
import { guardReport } from './report.js';

/**
 * A plugin as core calls it: every call has an end and the plugin's name, what it is given is read-only, what it gives is checked.
 * Its own object stays as it is, and is what its members are called on.
 */
export function guardPlugin(plugin: Plugin, owner: Owner): Plugin {
  switch (plugin.kind) {
    case 'framework':
      return guardFramework(plugin, owner);
    case 'recipes':
      return guardRecipes(plugin, owner);
    case 'hardware':
      return guardHardware(plugin, owner);
    case 'metric':
      return guardMetric(plugin, owner);
    case 'launcher':
      return guardLauncher(plugin, owner);
    case 'eval':
      return guardEval(plugin, owner);
    case 'report':
      return guardReport(plugin, owner);
  }
}
