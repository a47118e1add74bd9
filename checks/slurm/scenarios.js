// @ts-check
/**
 * What fails on clusters, provoked on one lease each. A scenario returns what was said; an assertion says what should have been.
 *
 * @typedef {object} Scenario
 * @property {string} title
 * @property {'short' | 'long' | 'import' | 'inferencex'} kind `import`: it needs enroot and a registry; `inferencex`: and InferenceX's scripts.
 * @property {() => Promise<string>} run
 */
import { ALLOCATION } from './scenarios/allocation.js';
import { IMAGES } from './scenarios/images.js';
import { NODES } from './scenarios/nodes.js';

/** @type {readonly Scenario[]} */
export const SCENARIOS = [...ALLOCATION, ...NODES, ...IMAGES];
