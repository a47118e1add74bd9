export { loadMasterConfigs, loadRunnerConfig } from './load.js';
