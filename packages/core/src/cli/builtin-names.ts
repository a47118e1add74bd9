/** Names of core's own commands, in the order of the help. */
export const BUILTIN_NAMES = [
  'init',
  'sweep',
  'runs',
  'status',
  'attach',
  'stop',
  'rehearse',
  'matrix',
  'changelog',
  'plan',
  'validate',
  'bench',
  'metrics',
  'report',
  'plugins',
  'doctor',
  'selftest',
  'golden-server',
  'load',
  'client',
  'completion',
] as const;

export type BuiltinName = (typeof BUILTIN_NAMES)[number];
