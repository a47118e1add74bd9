/** The APIs that the client speaks by itself, as load specs name them. */
export const API_NAMES = ['completions', 'chat', 'sglang', 'trtllm'] as const;
export type ApiName = (typeof API_NAMES)[number];
