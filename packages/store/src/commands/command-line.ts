export { runCommandLine } from '@sweepline/core';
