import type { NodeLauncher } from '../plugin/index.js';
import { defineSuite, type TestRunner } from './contract.js';
import { containerChecks } from './launcher/containers.js';
import { FILE_CHECKS } from './launcher/files.js';
import type { LauncherSubject } from './launcher/lease.js';
import { LEASE_CHECKS } from './launcher/leases.js';
import { PROCESS_CHECKS } from './launcher/processes.js';
import { GROUP_CHECKS, SEVERAL_NODES_CHECKS } from './launcher/several.js';

export interface LauncherSuiteOptions extends TestRunner, Omit<LauncherSubject, 'launcher' | 'program'> {
  /** Absolute path of Node.js on its nodes; the programs of the checks need it. Default: as here. */
  readonly program?: string;
  /** An image that its nodes can get, with Node.js at `program`; for launchers that start containers. */
  readonly image?: string;
  /** Whether it starts groups of processes over nodes. */
  readonly groups?: boolean;
}

/**
 * The contract of launchers, on real nodes, as a suite for a test runner with the given `describe` and `it`. It starts a few short
 * processes.
 */
export function testLauncher(launcher: NodeLauncher, options: LauncherSuiteOptions): void {
  const { nodes, image, groups = false, program = process.execPath } = options;
  const checks = [
    ...LEASE_CHECKS,
    ...PROCESS_CHECKS,
    ...FILE_CHECKS,
    ...(image === undefined ? [] : containerChecks(image)),
    ...(nodes > 1 ? SEVERAL_NODES_CHECKS : []),
    ...(groups ? GROUP_CHECKS : []),
  ];
  defineSuite(options, `contract of launcher ${launcher.name}`, checks, { ...options, launcher, program });
}
