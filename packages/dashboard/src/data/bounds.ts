/** What a site has of a point at most; a note says where there is more. */
export const MOST_REQUESTS = 20_000;
export const MOST_SAMPLES = 20_000;
/** Bytes of the end of a log. */
export const LOG_TAIL = 16_384;
export const MOST_LOGS = 16;
/** Bytes of a file that is shown as it is: a plan, a load. */
export const LARGEST_JSON = 1_000_000;
/** Bytes of records that are read. */
export const LARGEST_RECORDS = 2 ** 29;
