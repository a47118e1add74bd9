/**
 * The printable character for each byte in byte-level vocabularies. Source: `bytes_to_unicode` of OpenAI's GPT-2 (src/encoder.py):
 * printable bytes map to themselves, others to the characters from 256 on.
 */
const CHARS: readonly string[] = (() => {
  let others = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCharCode(isPrintable ? byte : others++);
  });
})();

const BYTES = new Map(CHARS.map((char, byte) => [char, byte]));

/** Text in the characters of a byte-level vocabulary. */
export function toByteChars(text: string): string {
  let chars = '';
  for (const byte of Buffer.from(text)) chars += CHARS[byte]!;
  return chars;
}

/** The bytes of a token of a byte-level vocabulary; a token with other characters is its own text. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of token) {
    const byte = BYTES.get(char);
    if (byte === undefined) return Buffer.from(token);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
