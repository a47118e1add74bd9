// @ts-check

/** Marks that a machine busy with other work causes. They say nothing about Sweepline or the server. */
export const OF_A_BUSY_MACHINE = [
  'slow-client',
  'client-cpu',
  'client-late-timers',
  'client-frozen',
  'client-throttled',
  'machine-shared',
];
