/** Where a package.json lists what it depends on. */
export const DEPENDENCY_LISTS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
];
