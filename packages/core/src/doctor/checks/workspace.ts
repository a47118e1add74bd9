import { ok, type Check } from '../diagnosis.js';

/** configs/sweepline.yaml. */
export const workspace: Check = {
  name: 'workspace',
  async run(context) {
    const { file, config } = await context.workspace();
    const configs = config['default-configs'];
    return [
      ok(
        `${file}: ${config.plugins.length} plugin packages, default-configs ${configs.join(', ') || 'none'}`,
      ),
    ];
  },
};
