import type { Compressors } from 'hyparquet';
import * as zlib from 'node:zlib';
import { SweeplineError } from '../../errors.js';

/** Codecs that Node decompresses; the Parquet reader has its own Snappy, which most files use. */
export const compressors: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ZSTD(input) {
    const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: (input: Uint8Array) => Buffer };
    if (zstdDecompressSync !== undefined) return zstdDecompressSync(input);
    throw new SweeplineError(
      'WORKLOAD_INVALID',
      "the Parquet file is compressed with Zstandard, which this version of Node.js can't read",
      {
        hint: 'Use Node.js 22.15 or later, or write the file with another compression',
      },
    );
  },
};
