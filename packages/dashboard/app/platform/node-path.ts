/* What the readers of results use of Node's path, for pages: paths with `/` between their parts. */

export function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/');
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function dirname(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
}
