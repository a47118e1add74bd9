/**
 * The printable character that stands for each byte in byte-level vocabularies. Source: `bytes_to_unicode` of OpenAI's GPT-2
 * (src/encoder.py): printable bytes stand for themselves, others for the characters from 256 on.
 */
const CHARS: readonly string[] = (() => {
  let others = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCharCode(isPrintable ? byte : others++);
  });
})();

const BYTES = new Map(CHARS.map((char, byte) => [char, byte]));

/** Text as a byte-level vocabulary writes it. */
export function toByteChars(text: string): string {
  let chars = '';
  for (const byte of Buffer.from(text)) chars += CHARS[byte]!;
  return chars;
}

/** The bytes that a token of a byte-level vocabulary stands for; one with other characters in it stands for itself. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of token) {
    const byte = BYTES.get(char);
    if (byte === undefined) return Buffer.from(token);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
