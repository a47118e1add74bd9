export * from './fake-server.js';
export type { FakeRequest } from './fake-request.js';
export { fakeToken } from './fake-stream.js';
export { FAULTS, type Fault, type Framing } from './faults.js';
export * from './workspace.js';
export type { TestRunner } from './contract.js';
export { testFramework, type FrameworkSuiteOptions } from './test-framework.js';
export type { RecordedNode } from './hardware-nodes.js';
export { scriptedNode, type Recording, type ScriptedNode } from './scripted-node.js';
export { sampleRuns } from './sample-runs.js';
export {
  createLaunchTester,
  samplePlan,
  sampleRole,
  type GivenLaunch,
  type LaunchTester,
} from './launch-tester.js';
export { testMetric, type MetricSuiteOptions } from './test-metric.js';
export { testEval, type EvalSuiteOptions } from './test-eval.js';
export { testHardware, type HardwareSuiteOptions } from './test-hardware.js';
export { planJobs, type PlannedJob } from './plan-jobs.js';
export { QUIET_SHARE, quietnessBetween, watchQuiet, type Quietness } from '../load/health/machine/quiet.js';
export { testLauncher, type LauncherSuiteOptions } from './test-launcher.js';
export {
  createFakeCluster,
  type FakeCluster,
  type FakeClusterOptions,
  type FakeDisk,
} from './fake-cluster/index.js';
export { isMarked, MARKER, newToken } from '../launch/marker.js';
export { listProcesses } from '../launch/process-table.js';
export type { GoldenRequest } from '../selftest/golden/log.js';
export type { GoldenInput } from '../selftest/golden/options.js';
export { startGoldenServer } from '../selftest/golden/golden-server.js';
export { runCell } from '../selftest/run-cell.js';
export { truthOf } from '../selftest/truth.js';
