/* `@sweepline/core/launch`: what launchers of other packages can be made of. */
export { createLocalLauncher } from './launchers/local.js';
export { createLocalExecutor, type LocalNode } from './local-executor.js';
export { startGuardian, type Guardian } from './guardian.js';
export { nodeBundle, type BundledFile, type NodeBundle } from './bundle/node-bundle.js';
export {
  agentCommand,
  agentFolder,
  connectAgent,
  type Agent,
  type AgentOptions,
  type AgentProcess,
  type AgentSettings,
} from './agent/agent.js';
export { startPiped } from './agent/piped-process.js';
export { endFamily } from './family.js';
export { bytesOf } from './files.js';
export { TCP_TABLES, socketsReachedAt } from './listeners.js';
export { MARKER, markedWith } from './marker.js';
export { runBefore } from './run-before.js';
export { within } from './within.js';
export { findProcess } from './process-table.js';
export { portOf } from '../plan/launch-commands.js';
export { MASKED, secretsIn } from '../secrets.js';
