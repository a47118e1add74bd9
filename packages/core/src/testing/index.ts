export * from './fake-server.js';
export type { FakeRequest } from './fake-request.js';
export { fakeToken } from './fake-stream.js';
export { FAULTS, type Fault, type Framing } from './faults.js';
export * from './workspace.js';
export type { TestRunner } from './contract.js';
export { testFramework, type FrameworkSuiteOptions } from './test-framework.js';
