/* `@sweepline/core/launch`: what launchers of other packages can be made of. */
export { createLocalLauncher } from './launchers/local.js';
export { createLocalExecutor, type LocalNode } from './local-executor.js';
