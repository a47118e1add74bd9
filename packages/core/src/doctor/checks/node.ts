import { ok, type Check } from '../diagnosis.js';

/** The same as `engines` in core's package.json. */
const LEAST = [20, 19] as const;

/** The version of Node.js. */
export const node: Check = {
  name: 'node',
  run: ({ nodeVersion }) => {
    const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
    const isOld = major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]);
    if (!isOld) return Promise.resolve([ok(`Node.js ${nodeVersion}`)]);
    return Promise.resolve([
      {
        state: 'problem',
        code: 'CLIENT_UNUSABLE',
        message: `Node.js ${nodeVersion} is older than ${LEAST.join('.')}`,
        hint: 'Install a newer one.',
      },
    ]);
  },
};
