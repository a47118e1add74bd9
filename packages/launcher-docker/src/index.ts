import { docker } from './docker.js';

export { dockerOptions, type DockerOptions } from './options.js';

export default [docker];
