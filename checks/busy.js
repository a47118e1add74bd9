// @ts-check

/** Marks that a machine with other things to do brings about. They say nothing about Sweepline, nor about the server. */
export const OF_A_BUSY_MACHINE = [
  'slow-client',
  'client-cpu',
  'client-late-timers',
  'client-frozen',
  'client-throttled',
  'machine-shared',
];
