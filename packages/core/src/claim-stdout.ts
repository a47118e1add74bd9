/**
 * Reserves stdout for the command's own data and returns the function that writes it. Anything else that this process writes there, such as
 * a plugin's `console.log`, goes to stderr from then on.
 */
export function claimStdout(): (text: string) => void {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return (text) => void write(text);
}
