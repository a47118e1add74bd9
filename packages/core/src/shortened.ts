/** Both ends of a text longer than `length` characters: names often differ only at one end. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  if (length < 2) return text.slice(0, Math.max(0, length));
  const tail = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - tail)}…${tail === 0 ? '' : text.slice(-tail)}`;
}
