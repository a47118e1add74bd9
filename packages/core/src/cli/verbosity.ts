/* How much the command says; these count anywhere on its line. */

export const VERBOSE = '--verbose';
export const VERBOSE_VARIABLE = 'SWEEPLINE_VERBOSE';
export const QUIET = '--quiet';
