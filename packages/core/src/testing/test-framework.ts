import type { Plugin } from '../plugin/index.js';
import { defineSuite, type TestRunner } from './contract.js';
import { FRAMEWORK_CHECKS } from './framework-checks.js';
import { frameworkSubject, type FrameworkSamples } from './framework-subject.js';

export interface FrameworkSuiteOptions extends FrameworkSamples, TestRunner {}

/**
 * The contract of framework plugins and their recipes, as a suite for a test runner with the given `describe` and `it`.
 * @param plugins the package's default export
 */
export function testFramework(plugins: readonly Plugin[], options: FrameworkSuiteOptions): void {
  const names = plugins.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  defineSuite(options, `contract of ${names}`, FRAMEWORK_CHECKS, frameworkSubject(plugins, options));
}
