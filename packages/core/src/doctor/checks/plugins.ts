import { API_VERSION } from '../../plugin/base.js';
import { ifThere, ok, problemsOf, warning, type Check, type Diagnosis } from '../diagnosis.js';

/** Whether all packages can be loaded, and are made for this version of Sweepline. */
export const plugins: Check = {
  name: 'plugins',
  async run(context) {
    const workspace = await ifThere(context.workspace());
    if (workspace === undefined) return [];
    const { problems } = await context.commands();
    // The registry also reports missing packages.
    const broken = problems.filter(({ error }) => error.code !== 'PLUGIN_NOT_FOUND');
    return [...(await loaded(context)), ...broken.flatMap(({ error }) => problemsOf(error))];
  },
};

async function loaded(context: Parameters<Check['run']>[0]): Promise<readonly Diagnosis[]> {
  try {
    const { all } = await context.registry();
    const { config } = await context.workspace();
    if (config.plugins.length === 0) {
      return [warning('no plugin packages are listed', 'sweepline plugins add <package>')];
    }
    const count = all.filter((one) => config.plugins.includes(one.package)).length;
    return [ok(`${count} plugins, made for apiVersion ${API_VERSION}`)];
  } catch (thrown) {
    return problemsOf(thrown);
  }
}
