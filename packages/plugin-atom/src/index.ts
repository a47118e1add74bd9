import type { Plugin } from '@sweepline/core';

export default [] satisfies readonly Plugin[];
