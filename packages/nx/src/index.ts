export { default as pluginGenerator, type PluginGeneratorOptions } from './plugin.js';
