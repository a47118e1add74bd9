/** Dependency lists of a package.json. */
export const DEPENDENCY_LISTS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
];
