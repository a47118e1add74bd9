/**
 * Takes stdout for the command's own data and gives the way to write it. What else is written there by this process, such as a
 * plugin's `console.log`, goes to stderr from then on.
 */
export function claimStdout(): (text: string) => void {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return (text) => void write(text);
}
