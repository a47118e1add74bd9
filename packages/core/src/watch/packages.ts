/** Folders of the packages that plugins were loaded from, by name: whose code it is that threw or hangs. */
const folders = new Map<string, string>();
type Listener = (folders: Readonly<Record<string, string>>) => void;
let listener: Listener = () => {};

/** @param folder address that begins with file: and ends in a slash, symbolic links resolved */
export function rememberPackage(name: string, folder: string): void {
  folders.set(name, folder);
  listener(Object.fromEntries(folders));
}

/** Is called, before any code of a package runs, with what each package's modules' addresses begin with. */
export function onPackages(tell: Listener): void {
  listener = tell;
}

/** The package that the code in a stack is of; the innermost one where several are. */
export function packageIn(stack: string | undefined): string | undefined {
  return stack?.split('\n').flatMap((line) => ownerOf(line) ?? [])[0];
}

function ownerOf(line: string): string | undefined {
  return [...folders].find(([, folder]) => line.includes(folder) || line.includes(pathOf(folder)))?.[0];
}

/** Modules that are required, and not imported, stand in stacks by their path. */
function pathOf(folder: string): string {
  return decodeURIComponent(new URL(folder).pathname);
}
