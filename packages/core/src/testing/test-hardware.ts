import type { HardwarePlugin } from '../plugin/index.js';
import { defineSuite, type TestRunner } from './contract.js';
import { HARDWARE_CHECKS } from './hardware-checks.js';
import { EMPTY_NODE_CHECKS, NODE_CHECKS, type RecordedNode } from './hardware-nodes.js';

export interface HardwareSuiteOptions extends TestRunner {
  /** Idle nodes whose tools' outputs were recorded: there it is asked to find, to tell and to read. */
  readonly nodes?: readonly RecordedNode[];
}

/** The contract of hardware plugins, as suites of the test runner whose `describe` and `it` are given. */
export function testHardware(plugin: HardwarePlugin, options: HardwareSuiteOptions): void {
  const title = `contract of hardware ${plugin.name}`;
  defineSuite(options, title, [...HARDWARE_CHECKS, ...EMPTY_NODE_CHECKS], plugin);
  for (const node of options.nodes ?? []) {
    defineSuite(options, `${title} on ${node.title}`, NODE_CHECKS, { plugin, node });
  }
}
