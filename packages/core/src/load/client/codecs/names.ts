/** The built-in APIs of the client, by their names in load specs. */
export const API_NAMES = ['completions', 'chat', 'sglang', 'trtllm'] as const;
export type ApiName = (typeof API_NAMES)[number];
