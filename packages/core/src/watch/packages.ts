/** Folders of the packages that plugins were loaded from, by name, to find out whose code threw or hangs. */
const folders = new Map<string, string>();
type Listener = (folders: Readonly<Record<string, string>>) => void;
let listener: Listener = () => {};

/** @param folder address that begins with file: and ends in a slash, symbolic links resolved */
export function rememberPackage(name: string, folder: string): void {
  folders.set(name, folder);
  listener(Object.fromEntries(folders));
}

/** Called before any code of a package runs, with the URL prefix of each package's modules. */
export function onPackages(tell: Listener): void {
  listener = tell;
}

/** The package whose code is in a stack; the innermost one if there are several. */
export function packageIn(stack: string | undefined): string | undefined {
  return stack?.split('\n').flatMap((line) => ownerOf(line) ?? [])[0];
}

function ownerOf(line: string): string | undefined {
  return [...folders].find(([, folder]) => line.includes(folder) || line.includes(pathOf(folder)))?.[0];
}

/** Modules that are required, not imported, have paths instead of URLs in stacks. */
function pathOf(folder: string): string {
  return decodeURIComponent(new URL(folder).pathname);
}
