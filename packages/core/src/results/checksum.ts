import { crc32 } from 'node:zlib';

/** CRC-32 as gzip and PNG have it, in eight hex digits. @param more what follows the data */
export function checksum(data: string | Uint8Array, more: string | Uint8Array = ''): string {
  return crc32(more, crc32(data)).toString(16).padStart(8, '0');
}
