import type { HardwarePlugin } from '../plugin/index.js';
import { defineSuite, type TestRunner } from './contract.js';
import { HARDWARE_CHECKS } from './hardware-checks.js';
import { EMPTY_NODE_CHECKS, NODE_CHECKS, type RecordedNode } from './hardware-nodes.js';

export interface HardwareSuiteOptions extends TestRunner {
  /** Idle nodes with recorded output of their tools, on which detection, preflight and readings are checked. */
  readonly nodes?: readonly RecordedNode[];
}

/** The contract of hardware plugins, as suites for a test runner with the given `describe` and `it`. */
export function testHardware(plugin: HardwarePlugin, options: HardwareSuiteOptions): void {
  const title = `contract of hardware ${plugin.name}`;
  defineSuite(options, title, [...HARDWARE_CHECKS, ...EMPTY_NODE_CHECKS], plugin);
  for (const node of options.nodes ?? []) {
    defineSuite(options, `${title} on ${node.title}`, NODE_CHECKS, { plugin, node });
  }
}
